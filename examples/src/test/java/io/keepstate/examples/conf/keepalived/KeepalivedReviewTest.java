// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Reading;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a configuration that can be read is told about itself, each finding with its line and its remedy. */
class KeepalivedReviewTest {
    private final Machine machine = new Machine();

    @Test
    void aGoodConfigurationHasNoFindings() {
        assertThat(test(instance("A", 1, "priority 100")).findings()).isEmpty();
        assertThat(test(instance("A", 1, "priority 100")).exitCode()).isEqualTo(ConfigurationVerdict.GOOD);
    }

    @Test
    void anIpv6AddressInAnIpv4Block() {
        finds(instance("A", 1, "virtual_ipaddress {\n2001:db8::1/64\n}"), "INVALID 6 2001:db8::1/64", "move it there");
    }

    @Test
    void stateMasterWithoutEffect() {
        finds(instance("A", 1, "state MASTER\npriority 100"), "WARNING 4 state", "write `state BACKUP'");
        assertThat(test(instance("A", 1, "state MASTER\npriority 255")).findings())
                .isEmpty();
    }

    @Test
    void whatIsNotThereIsNamedWhereItStands() {
        finds(instance("A", 1, "vrf blue"), "WARNING 4 vrf", "adverts leave in the VRF of the instance's interface");
        finds(instance("A", 1, "use_ipvlan ipv0"), "WARNING 4 use_ipvlan", "no ipvlan is made");
    }

    @Test
    void nopreemptWithWeights() {
        finds(
                instance("A", 1, "nopreempt\ntrack_interface {\neth1 weight 5\n}"),
                "WARNING 4 nopreempt",
                "track with weight 0");
        assertThat(test(instance("A", 1, "nopreempt\ntrack_interface {\neth1\n}"))
                        .findings())
                .isEmpty();
    }

    @Test
    void membersOfDifferentPriority() {
        finds(
                "vrrp_sync_group G {\ngroup {\nA\nB\n}\n}\n" + instance("A", 1, "priority 100")
                        + instance("B", 2, "priority 50"),
                "WARNING 1 vrrp_sync_group",
                "A 100, B 50");
    }

    @Test
    void theSameRouterIdOnOneInterface() {
        finds(
                instance("A", 1, "") + instance("B", 1, "").replace("10.0.0.1\n", "10.0.0.2\n"),
                "ERROR 11 virtual_router_id",
                "give it another one");
    }

    @Test
    void aCommentInThePassword() {
        finds(
                instance("A", 1, "authentication {\nauth_type PASS\nauth_pass abc!def\n}"),
                "WARNING 6 auth_pass",
                "double quotes");
    }

    @Test
    void aPasswordOfMoreThanEightOctets() {
        finds(
                instance("A", 1, "authentication {\nauth_type PASS\nauth_pass abcdefghi\n}"),
                "INVALID 6 auth_pass",
                "shorten it to 8");
    }

    @Test
    void authenticationWithVersionThree() {
        finds(
                instance("A", 1, "version 3\nauthentication {\nauth_type AH\nauth_pass abc\n}"),
                "INVALID 5 authentication",
                "remove the authentication block");
    }

    @Test
    void unicastWithoutPeers() {
        finds(instance("A", 1, "unicast_src_ip 10.0.0.9"), "INVALID 4 unicast_src_ip", "add `unicast_peer");
    }

    @Test
    void unicastFromAnywhere() {
        finds(instance("A", 1, "unicast_peer {\n10.0.0.9\n}"), "NOTE 4 unicast_peer", "check_unicast_src");
    }

    @Test
    void anOwnerWithWeights() {
        finds(
                instance("A", 1, "priority 255\ntrack_interface {\neth1 weight 5\n}"),
                "INVALID 6 eth1",
                "remove the weight");
    }

    @Test
    void addressesThatAnswerNobody() {
        finds(instance("A", 1, "no_accept"), "WARNING 4 no_accept", "neither ping nor connections");
        finds(instance("A", 1, "strict_mode"), "WARNING 1 vrrp_instance", "strict mode");
    }

    @Test
    void fractionsOfASecondInVersionTwo() {
        finds(instance("A", 1, "advert_int 0.5"), "INVALID 4 advert_int", "write `advert_int 1'");
    }

    @Test
    void aLoserThatIsNotAnswered() {
        finds(
                instance("A", 1, "garp_lower_prio_repeat 0"),
                "NOTE 4 garp_lower_prio_repeat",
                "switches may go on sending to the loser");
    }

    @Test
    void aLinkDelayLongerThanTheOthersWait() {
        finds(
                instance("A", 1, "") + "interface_up_down_delays {\neth0 2\n}\n",
                "WARNING 1 vrrp_instance",
                "shorten the delay");
    }

    @Test
    void anAddressOfTwoInstances() {
        finds(instance("A", 1, "") + instance("B", 2, ""), "WARNING 14 10.0.0.1", "already one of instance A");
    }

    @Test
    void anInterfaceThatIsNotThere() {
        finds(instance("A", 1, "").replace("eth0", "eth9"), "NOTE 1 eth9", "dynamic_interfaces");
        assertThat(test("global_defs {\ndynamic_interfaces\n}\n"
                                + instance("A", 1, "").replace("eth0", "eth9"))
                        .findings())
                .isEmpty();
    }

    @Test
    void aScriptThatCannotRun() {
        machine.scripts.put("/bin/no", Surroundings.ScriptFile.NOT_EXECUTABLE);
        machine.scripts.put("/bin/gone", Surroundings.ScriptFile.MISSING);
        String secure = "global_defs {\nenable_script_security\nscript_user root\n}\n";
        finds(secure + instance("A", 1, "notify_master /bin/no"), "WARNING 8 /bin/no", "chmod +x");
        finds(secure + instance("A", 1, "notify_master \"/bin/gone x\""), "WARNING 8 /bin/gone", "no such file");
        finds(secure + instance("A", 1, "notify_master /bin/good nouser"), "WARNING 8 /bin/good", "there is no user");
    }

    @Test
    void aScriptThatOthersCouldChange() {
        machine.scripts.put("/bin/bad", Surroundings.ScriptFile.INSECURE);
        String track = "vrrp_script s {\nscript /bin/bad\n}\n";
        finds(instance("A", 1, "") + track, "INVALID 10 /bin/bad", "take their right to write away");
        assertThat(test(instance("A", 1, "") + track).exitCode()).isEqualTo(ConfigurationVerdict.INSECURE);
        String secure = "global_defs {\nenable_script_security\n}\n";
        finds(secure + instance("A", 1, "") + track, "WARNING 13 /bin/bad", "let another user run it");
        assertThat(test(secure + instance("A", 1, "") + track).exitCode()).isEqualTo(ConfigurationVerdict.GOOD);
    }

    @Test
    void scriptsOfRootWantScriptSecurity() {
        String text = instance("A", 1, "notify /bin/good");
        finds(text, "INVALID 0 enable_script_security", "add `enable_script_security'");
        assertThat(test(text).exitCode()).isEqualTo(ConfigurationVerdict.INSECURE);
        assertThat(test("global_defs {\nscript_user joe\n}\n" + text).exitCode())
                .isEqualTo(ConfigurationVerdict.GOOD);
        machine.users = Set.of("root", "keepalived_script");
        assertThat(test(text).exitCode()).isEqualTo(ConfigurationVerdict.GOOD);
    }

    @Test
    void aPipeForAUserWhoIsNotThere() {
        finds(
                "global_defs {\nnotify_fifo /run/f eve\n}\n" + instance("A", 1, ""),
                "WARNING 2 /run/f",
                "add the user, or name another");
        assertThat(test("global_defs {\nnotify_fifo /run/f joe\n}\n" + instance("A", 1, ""))
                        .findings())
                .isEmpty();
    }

    @Test
    void warningsAloneDoNotFailTheTest() {
        assertThat(test(instance("A", 1, "state MASTER\npriority 9\nsmtp_alert"))
                        .exitCode())
                .isEqualTo(ConfigurationVerdict.GOOD);
        assertThat(test(instance("A", 1, "bogus")).exitCode()).isEqualTo(ConfigurationVerdict.WRONG);
        assertThat(test("vrrp_instance A {\n}\n").exitCode()).isEqualTo(ConfigurationVerdict.WRONG);
    }

    private void finds(String text, String where, String remedy) {
        assertThat(test(text).findings())
                .as(text)
                .filteredOn(it -> (it.severity() + " " + it.line() + " " + it.directive()).equals(where))
                .extracting(Finding::message)
                .anyMatch(message -> message.contains(remedy));
    }

    private ConfigurationVerdict test(String text) {
        Reading<KeepalivedConfig> reading = KeepalivedReader.read("k", text);
        return ConfigurationVerdict.of(reading, "k", machine);
    }

    private static String instance(String name, int routerId, String lines) {
        String addresses = lines.startsWith("virtual_ipaddress") ? "" : "virtual_ipaddress {\n10.0.0.1\n}\n";
        String first = lines.startsWith("virtual_ipaddress") ? lines.replace("{\n", "{\n10.0.0.1\n") : lines;
        return "vrrp_instance " + name + " {\ninterface eth0\nvirtual_router_id " + routerId + "\n" + first + "\n"
                + addresses + "}\n";
    }

    /** A machine of which everything is known. */
    private static final class Machine implements Surroundings {
        final Map<String, ScriptFile> scripts = new HashMap<>();
        Set<String> users = Set.of("root", "joe");

        @Override
        public boolean hasInterface(String name) {
            return Set.of("eth0", "eth1").contains(name);
        }

        @Override
        public boolean hasUser(String name) {
            return users.contains(name);
        }

        @Override
        public ScriptFile script(String program) {
            return scripts.getOrDefault(program, ScriptFile.GOOD);
        }
    }
}
