// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Severity;
import io.keepstate.examples.conf.Token;
import io.keepstate.examples.conf.keepalived.InstanceConfig.InitialState;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads one {@code vrrp_instance} block. */
final class InstanceReader {
    private static final int PASSWORD_OCTETS = 8; // RFC 2338 5.3.9: the authentication data is 8 octets
    private static final int MOST_ADDRESSES = 255; // the count of addresses is one octet

    private final BlockReader in;
    private final Arguments arguments;
    private final Findings findings;
    private final Token block;
    private final String name;
    private final NotifyReader notify;
    private final List<VirtualAddressReader.Line> addresses = new ArrayList<>();
    private final List<VirtualAddressReader.Line> excluded = new ArrayList<>();

    private @Nullable String interfaceName;
    private Optional<InitialState> initialState = Optional.empty();
    private int virtualRouterId;
    private int priority;
    private @Nullable Token advertInt;
    private long advertIntervalMillis = 1_000;
    private int version;
    private boolean nativeIpv6;
    private @Nullable Token authType;
    private Optional<String> authPass = Optional.empty();
    private long garpDelay = InstanceConfig.Garp.DEFAULT.masterDelayMillis();
    private int garpRepeat = InstanceConfig.Garp.DEFAULT.masterRepeat();
    private long garpRefresh = InstanceConfig.Garp.DEFAULT.masterRefreshMillis();
    private int garpRefreshRepeat = InstanceConfig.Garp.DEFAULT.masterRefreshRepeat();
    private boolean noPreempt;
    private @Nullable Token noPreemptAt;
    private long preemptDelayMillis;
    private @Nullable Token preemptDelayAt;
    private boolean broken;

    InstanceReader(BlockReader in, Arguments arguments, Findings findings, Token block, String name) {
        this.in = in;
        this.arguments = arguments;
        this.findings = findings;
        this.block = block;
        this.name = name;
        this.notify = new NotifyReader(arguments);
    }

    Token block() {
        return block;
    }

    String name() {
        return name;
    }

    void read() {
        int before = findings.list().size();
        in.block(block, notify.addTo(directives()));
        broken = findings.list().stream().skip(before).anyMatch(finding -> finding.severity() == Severity.ERROR);
    }

    private Directives directives() {
        return new Directives()
                .on("interface", at -> {
                    Token value = arguments.one(at, "eth0");
                    if (value != null) {
                        arguments.values().interfaceName(at, value).ifPresent(read -> interfaceName = read);
                    }
                })
                .on("state", this::state)
                .on("virtual_router_id", at -> arguments.integer(at, 1, 255, value -> virtualRouterId = value))
                .on("priority", at -> arguments.integer(at, 1, 255, value -> priority = value))
                .on("advert_int", at -> {
                    advertInt = at;
                    arguments.millis(at, 0.01, 255, value -> advertIntervalMillis = value);
                })
                .on("version", at -> arguments.integer(at, 2, 3, value -> version = value))
                .on("native_ipv6", at -> arguments.flag(at, value -> nativeIpv6 = value))
                .on("authentication", this::authentication)
                .on("virtual_ipaddress", at -> addressBlock(at, addresses))
                .on("virtual_ipaddress_excluded", at -> addressBlock(at, excluded))
                .on("garp_master_delay", at -> arguments.millis(at, 0, 86_400, value -> garpDelay = value))
                .on("garp_master_repeat", at -> arguments.integer(at, 1, 100, value -> garpRepeat = value))
                .on("garp_master_refresh", at -> arguments.millis(at, 0, 86_400, value -> garpRefresh = value))
                .on(
                        "garp_master_refresh_repeat",
                        at -> arguments.integer(at, 1, 100, value -> garpRefreshRepeat = value))
                .on("preempt", at -> arguments.flag(at, value -> noPreempt = !value))
                .on("nopreempt", at -> {
                    noPreemptAt = at;
                    arguments.flag(at, value -> noPreempt = value);
                })
                .on("preempt_delay", at -> {
                    preemptDelayAt = at;
                    arguments.millis(at, 0, 1_000, value -> preemptDelayMillis = value);
                });
    }

    private void state(Token at) {
        Token value = arguments.one(at, "BACKUP");
        if (value == null) {
            return;
        }
        switch (value.text().toUpperCase(Locale.ROOT)) {
            case "MASTER" -> initialState = Optional.of(InitialState.MASTER);
            case "BACKUP" -> initialState = Optional.of(InitialState.BACKUP);
            default -> findings.error(at, "`" + value.text() + "' is no initial state: write MASTER or BACKUP");
        }
    }

    private void authentication(Token at) {
        in.block(
                at,
                new Directives()
                        .on("auth_type", name -> {
                            Token value = arguments.one(name, "PASS");
                            if (value != null) {
                                authType(name, value);
                            }
                        })
                        .on("auth_pass", name -> {
                            Token value = arguments.one(name, "SECRET");
                            if (value != null) {
                                authPass(name, value);
                            }
                        }));
        if (authType == null) {
            findings.error(at, "this block has no auth_type: write `auth_type PASS'");
        } else if (authType.text().equals("PASS") && authPass.isEmpty()) {
            findings.error(at, "auth_type PASS needs a password: add `auth_pass SECRET', the same on both nodes");
        }
    }

    private void authType(Token at, Token value) {
        authType = value;
        if (value.text().equals("AH")) {
            findings.error(
                    at,
                    "authentication by AH is not supported and without it the peer drops every advert:"
                            + " write `auth_type PASS' on both nodes, or remove the authentication block");
        } else if (!value.text().equals("PASS")) {
            findings.error(at, "`" + value.text() + "' is no type of authentication: write PASS");
        }
    }

    private void authPass(Token at, Token value) {
        byte[] octets = value.text().getBytes(StandardCharsets.UTF_8);
        if (octets.length > PASSWORD_OCTETS) {
            findings.warn(at, "only the first 8 octets of the password are used: shorten it to 8");
        }
        authPass = Optional.of(value.text());
    }

    private void addressBlock(Token at, List<VirtualAddressReader.Line> list) {
        for (List<Token> words : in.lines(at)) {
            VirtualAddressReader.read(words, findings).ifPresent(list::add);
        }
    }

    /** The instance, empty after reporting what is missing or does not fit together. */
    Optional<InstanceConfig> config(int defaultVersion) {
        if (broken) {
            return Optional.empty(); // a value that is wrong is not also missing
        }
        String device = interfaceName;
        if (device == null) {
            findings.error(block, "instance " + name + " has no interface: add `interface eth0'");
        }
        if (virtualRouterId == 0) {
            findings.error(
                    block,
                    "instance " + name + " has no virtual_router_id: add `virtual_router_id NUMBER', 1 to"
                            + " 255, the same on both nodes");
        }
        if (addresses.isEmpty()) {
            findings.error(block, "instance " + name + " has no virtual address: add `virtual_ipaddress { ... }'");
        }
        if (device == null || virtualRouterId == 0 || addresses.isEmpty()) {
            return Optional.empty();
        }
        boolean ipv6 = nativeIpv6 || addresses.get(0).address().isIpv6();
        int effectiveVersion = version != 0 ? version : ipv6 ? 3 : defaultVersion;
        checkVersion(effectiveVersion);
        int effectivePriority = effectivePriority();
        checkPreemption(effectivePriority);
        List<VirtualAddress> advertised = new ArrayList<>();
        List<VirtualAddress> others = new ArrayList<>();
        distribute(ipv6, device, advertised, others);
        if (advertised.isEmpty()) {
            findings.error(
                    block,
                    "instance " + name + " has no virtual address of its own family (" + (ipv6 ? "IPv6" : "IPv4")
                            + "): add one to virtual_ipaddress");
            return Optional.empty();
        }
        return Optional.of(new InstanceConfig(
                name,
                device,
                state(effectivePriority),
                virtualRouterId,
                effectivePriority,
                (int) advertIntervalMillis,
                effectiveVersion,
                ipv6,
                effectiveVersion == 3 ? Optional.empty() : authPass,
                advertised,
                others,
                new InstanceConfig.Garp(garpDelay, garpRepeat, garpRefresh, garpRefreshRepeat),
                noPreempt,
                preemptDelayMillis,
                notify.config(),
                block.line()));
    }

    /** keepalived's rule: 255 when MASTER is wished for and no priority is given, else 100. */
    private int effectivePriority() {
        if (priority != 0) {
            return priority;
        }
        return initialState.filter(InitialState.MASTER::equals).isPresent() ? 255 : 100;
    }

    /** keepalived's rule: an owner that gives no state wishes for MASTER. */
    private InitialState state(int effectivePriority) {
        return initialState.orElse(effectivePriority == 255 ? InitialState.MASTER : InitialState.BACKUP);
    }

    private void checkVersion(int effectiveVersion) {
        Token at = advertInt;
        if (at != null && effectiveVersion == 2 && advertIntervalMillis % 1_000 != 0) {
            findings.error(
                    at,
                    "VRRP version 2 counts whole seconds: write `advert_int 1' or more, or `version 3' on both"
                            + " nodes");
        } else if (at != null && effectiveVersion == 3 && advertIntervalMillis > 40_950) {
            findings.error(at, "VRRP version 3 has room for 40.95 seconds at most: write a shorter advert_int");
        } else if (at != null && advertIntervalMillis % 10 != 0) {
            advertIntervalMillis = Math.max(10, (advertIntervalMillis + 5) / 10 * 10);
            findings.warn(
                    at,
                    "VRRP version 3 counts hundredths of a second, " + advertIntervalMillis
                            + " ms is used: write a multiple of 0.01");
        }
        if (effectiveVersion == 3 && authPass.isPresent()) {
            findings.warn(
                    block,
                    "VRRP version 3 has no authentication, that of instance " + name
                            + " has no effect: remove the authentication block");
        }
    }

    private void checkPreemption(int effectivePriority) {
        Token at = noPreemptAt;
        boolean wishesMaster = state(effectivePriority) == InitialState.MASTER;
        if (at != null && noPreempt && (wishesMaster || effectivePriority == 255)) {
            findings.warn(
                    at,
                    "nopreempt needs `state BACKUP' and a priority below 255, it has no effect here:"
                            + " change the state or remove it");
            noPreempt = false;
        }
        if (preemptDelayMillis > 0 && (noPreempt || wishesMaster)) {
            findings.warn(
                    block,
                    "preempt_delay of instance " + name
                            + " has no effect with nopreempt or `state MASTER': remove one of them");
            preemptDelayMillis = 0;
        }
        Token delayAt = preemptDelayAt;
        if (delayAt != null && preemptDelayMillis > 0) {
            findings.warn(
                    delayAt,
                    "is not supported: instance " + name + " preempts as soon as the node is in sync; remove it to"
                            + " silence this");
        }
    }

    private void distribute(boolean ipv6, String device, List<VirtualAddress> advertised, List<VirtualAddress> others) {
        for (VirtualAddressReader.Line line : addresses) {
            VirtualAddress address = line.on(device);
            if (address.isIpv6() != ipv6) {
                findings.warn(
                        line.at(),
                        "an " + (ipv6 ? "IPv4" : "IPv6") + " address cannot be advertised by the "
                                + (ipv6 ? "IPv6" : "IPv4") + " instance " + name + ", it is treated as if it stood in"
                                + " virtual_ipaddress_excluded: move it there");
                others.add(address);
            } else if (advertised.size() == MOST_ADDRESSES) {
                findings.warn(
                        line.at(),
                        "an advert has room for 255 addresses, this one is treated as if it stood in"
                                + " virtual_ipaddress_excluded: move it there");
                others.add(address);
            } else {
                advertised.add(address);
            }
        }
        excluded.forEach(line -> others.add(line.on(device)));
    }
}
