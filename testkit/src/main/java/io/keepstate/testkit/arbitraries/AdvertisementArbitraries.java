// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit.arbitraries;

import io.keepstate.vrrp.codec.AddressFamily;
import io.keepstate.vrrp.codec.Advertisement;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.ChecksumForm;
import io.keepstate.vrrp.codec.IpAddress;
import io.keepstate.vrrp.codec.Version;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Advertisements that the wire can carry: both versions, both families, one to many addresses, every priority. */
public final class AdvertisementArbitraries {
    private static final int MOST_ADDRESSES = 20;

    private AdvertisementArbitraries() {}

    /** Of either version. */
    public static Arbitrary<Advertisement> advertisements() {
        return Arbitraries.oneOf(version2(), version3(AddressFamily.IPV4), version3(AddressFamily.IPV6));
    }

    /** Version 2, with a password or without authentication. */
    public static Arbitrary<Advertisement> version2() {
        Arbitrary<Authentication> authentication = Arbitraries.oneOf(
                Arbitraries.just(Authentication.NONE),
                Arbitraries.strings().ascii().ofMinLength(1).ofMaxLength(8).map(Authentication::password));
        return Combinators.combine(
                        identifiers(), priorities(), between(1, 255), addressLists(AddressFamily.IPV4), authentication)
                .as((id, priority, seconds, addresses, data) -> new Advertisement(
                        Version.V2, id, priority, seconds * 100, addresses, data, ChecksumForm.MESSAGE_ONLY));
    }

    /** Version 3 of this family, with and without the pseudo header in an IPv4 checksum. */
    public static Arbitrary<Advertisement> version3(AddressFamily family) {
        Arbitrary<ChecksumForm> form = family == AddressFamily.IPV4
                ? Arbitraries.of(ChecksumForm.MESSAGE_ONLY, ChecksumForm.PSEUDO_HEADER)
                : Arbitraries.just(ChecksumForm.PSEUDO_HEADER);
        return Combinators.combine(identifiers(), priorities(), between(1, 4095), addressLists(family), form)
                .as((id, priority, centis, addresses, checksum) ->
                        new Advertisement(Version.V3, id, priority, centis, addresses, Authentication.NONE, checksum));
    }

    /** Addresses that a router may have. */
    public static Arbitrary<IpAddress> addresses(AddressFamily family) {
        return family == AddressFamily.IPV4
                ? Arbitraries.integers().map(IpAddress::ipv4)
                : Combinators.combine(Arbitraries.longs(), Arbitraries.longs()).as(IpAddress::ipv6);
    }

    private static Arbitrary<List<IpAddress>> addressLists(AddressFamily family) {
        return addresses(family).list().ofMinSize(1).ofMaxSize(MOST_ADDRESSES);
    }

    private static Arbitrary<Integer> identifiers() {
        return between(1, 255);
    }

    private static Arbitrary<Integer> priorities() {
        return between(0, 255);
    }

    private static Arbitrary<Integer> between(int least, int most) {
        return Arbitraries.integers().between(least, most);
    }
}
