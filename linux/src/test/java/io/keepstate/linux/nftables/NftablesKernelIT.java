// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.Requires;
import io.keepstate.linux.libc.Errno;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(LabExtension.class)
class NftablesKernelIT {
    private static final Table FOUR = new Table(TableFamily.IPV4, "keepstate-test");
    private static final Table SIX = new Table(TableFamily.IPV6, "keepstate-test");
    private static final byte[] ADDRESS = {10, 0, 0, 100};

    private LabNamespace node;
    private Nftables nftables;

    @BeforeEach
    void prepare(Lab lab) {
        Requires.program("nft");
        node = lab.namespace("node");
        nftables = lab.closing(node.get(Nftables::open));
    }

    private String ruleset() {
        return node.run("nft", "list", "ruleset").replaceAll("\\s+", " ");
    }

    private Transaction dropsPacketsToTheSet() {
        return nftables.begin()
                .addTable(FOUR, true)
                .addSet(FOUR, "addresses", SetType.IPV4_ADDRESS)
                .addBaseChain(FOUR, "in", Hook.INPUT, -1)
                .addRule(
                        FOUR,
                        "in",
                        new Expressions()
                                .loadNetwork(1, 16, 4)
                                .in("addresses", 1)
                                .count()
                                .drop());
    }

    @Test
    void tableChainSetAndRuleAreWhatNftShows() {
        assertThat(nftables.commit(dropsPacketsToTheSet())).hasToString("done");
        assertThat(nftables.commit(nftables.begin().addElements(FOUR, "addresses", List.of(ADDRESS))))
                .hasToString("done");
        assertThat(ruleset())
                .contains("table ip keepstate-test")
                .contains("flags owner")
                .contains("set addresses { type ipv4_addr elements = { 10.0.0.100 } }")
                .contains("chain in { type filter hook input priority filter - 1; policy accept;")
                .contains("ip daddr @addresses counter packets 0 bytes 0 drop");
        assertThat(nftables.commit(nftables.begin().deleteElements(FOUR, "addresses", List.of(ADDRESS))))
                .hasToString("done");
        assertThat(ruleset()).doesNotContain("10.0.0.100");
        assertThat(nftables.commit(nftables.begin().deleteTable(FOUR))).hasToString("done");
        assertThat(ruleset()).doesNotContain("keepstate-test");
    }

    @Test
    void ownedTableVanishesWithItsSocketAndIsNobodyElses() {
        nftables.commit(dropsPacketsToTheSet());
        assertThat(node.exec("nft", "delete", "table", "ip", "keepstate-test")).isNotZero();
        nftables.close();
        Lab.eventually(
                Duration.ofSeconds(5), () -> !ruleset().contains("keepstate-test"), "the table goes with its socket");
    }

    @Test
    void transactionTakesEffectAsAWholeOrNotAtAll() {
        Nftables.Outcome outcome = nftables.commit(nftables.begin()
                .addTable(FOUR, false)
                .addElements(FOUR, "no-such-set", List.of(ADDRESS))
                .addBaseChain(FOUR, "in", Hook.INPUT, -1));
        assertThat(outcome.errno()).isEqualTo(Errno.ENOENT);
        assertThat(outcome).hasToString("add to set ip keepstate-test no-such-set: ENOENT (No such file or directory)");
        assertThat(ruleset()).doesNotContain("keepstate-test");
        assertThat(nftables.commit(nftables.begin().deleteTable(FOUR)).errno()).isEqualTo(Errno.ENOENT);
        assertThat(nftables.commit(dropsPacketsToTheSet()).succeeded()).isTrue();
    }

    @Test
    void copiesGoOutByTheInterfaceTheMapSays() {
        Transaction transaction = nftables.begin();
        for (Table table : List.of(FOUR, SIX)) {
            boolean four = table == FOUR;
            transaction
                    .addTable(table, true)
                    .addMap(table, "parents", SetType.INTERFACE, SetType.INTERFACE)
                    .addPairs(table, "parents", List.of(new byte[] {7, 0, 0, 0}), List.of(new byte[] {1, 0, 0, 0}))
                    .addBaseChain(table, "out", Hook.OUTPUT, -1)
                    .addRule(
                            table,
                            "out",
                            new Expressions()
                                    .loadTransportProtocol(1)
                                    .matches(1, (byte) (four ? 2 : 58))
                                    .loadNetwork(1, four ? 16 : 24, four ? 4 : 16)
                                    .loadOutputInterface(2)
                                    .map("parents", 2, 2)
                                    .duplicate(1, 2)
                                    .drop());
        }
        assertThat(nftables.commit(transaction)).hasToString("done");
        assertThat(ruleset())
                .contains("elements = { 7 : \"lo\" }")
                .contains("meta l4proto igmp dup to ip daddr device oif map @parents drop")
                .contains("meta l4proto ipv6-icmp dup to ip6 daddr device oif map @parents drop");
    }

    @Test
    void addressesAreToldApartByTheirInterface() {
        byte[] element = new byte[20];
        element[0] = (byte) 0xfe;
        element[1] = (byte) 0x80;
        element[15] = 1;
        element[16] = 1;
        Transaction transaction = nftables.begin()
                .addTable(SIX, true)
                .addSet(SIX, "link_local", SetType.IPV6_ADDRESS_ON_INTERFACE)
                .addElements(SIX, "link_local", List.of(element))
                .addBaseChain(SIX, "in", Hook.INPUT, -1)
                .addRule(
                        SIX,
                        "in",
                        new Expressions()
                                .loadTransportProtocol(1)
                                .matches(1, (byte) 58)
                                .loadTransport(1, 0, 1)
                                .within(1, new byte[] {(byte) 135}, new byte[] {(byte) 136})
                                .accept())
                .addRule(
                        SIX,
                        "in",
                        new Expressions()
                                .loadNetwork(Expressions.WORD, 24, 16)
                                .loadInputInterface(Expressions.WORD + 4)
                                .in("link_local", Expressions.WORD)
                                .drop());
        assertThat(nftables.commit(transaction)).hasToString("done");
        assertThat(ruleset())
                .contains("type ipv6_addr . iface_index elements = { fe80::1 . \"lo\" }")
                .contains("icmpv6 type 135-136 accept")
                .contains("ip6 daddr . iif @link_local drop");
    }
}
