// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import java.util.List;
import java.util.Map;

/**
 * Directives of keepalived that are known and do nothing here: those that only tune keepalived's own processes are taken
 * silently, the others are warned about by name. docs/keepalived-conf.md lists them all.
 */
final class Unsupported {
    /** Where a directive stands. */
    enum Place {
        /** Outside of any block. */
        TOP,
        /** In global_defs. */
        GLOBAL,
        /** In vrrp_sync_group. */
        GROUP,
        /** In vrrp_instance. */
        INSTANCE
    }

    private static final String MAIL = "no mail is sent";
    private static final String SNMP = "there is no SNMP";
    private static final String DBUS = "there is no D-Bus interface";
    private static final String LVS = "there is no load balancing (LVS)";
    private static final String BFD = "there is no BFD";
    private static final String NAMESPACE = "the network namespace is the one it is started in: use `ip netns exec'";
    private static final String FIREWALL = "nftables is used, in a table of its own";
    private static final String RELOAD = "the files are read again on SIGHUP, and taken if they have no errors";

    private static final String AFTER_BOOT =
            "nothing waits for the time since the boot: use `vrrp_startup_delay', which counts from the daemon's start";
    private static final String IPROUTE = "names are looked up in /usr/share/iproute2 and /etc/iproute2";

    /** Taken without a word. */
    private static final Map<Place, List<String>> SILENT = Map.of(
            Place.TOP,
            List.of("linkbeat_interfaces", "linkbeat_use_polling", "use_pid_dir", "child_wait_time"),
            Place.GLOBAL,
            List.of(
                    "process_names",
                    "process_name",
                    "vrrp_process_name",
                    "checker_process_name",
                    "lvs_process_name",
                    "bfd_process_name",
                    "tmp_config_directory",
                    "config_save_dir",
                    "max_auto_priority",
                    "min_auto_priority_delay",
                    "vrrp_priority",
                    "vrrp_no_swap",
                    "vrrp_cpu_affinity",
                    "vrrp_rlimit_rttime",
                    "vrrp_rlimit_rtime",
                    "checker_priority",
                    "checker_no_swap",
                    "checker_rt_priority",
                    "checker_cpu_affinity",
                    "checker_rlimit_rttime",
                    "checker_rlimit_rtime",
                    "bfd_priority",
                    "bfd_no_swap",
                    "bfd_rt_priority",
                    "bfd_cpu_affinity",
                    "bfd_rlimit_rttime",
                    "bfd_rlimit_rtime",
                    "vrrp_netlink_cmd_rcv_bufs",
                    "vrrp_netlink_cmd_rcv_bufs_force",
                    "vrrp_netlink_monitor_rcv_bufs",
                    "vrrp_netlink_monitor_rcv_bufs_force",
                    "lvs_netlink_cmd_rcv_bufs",
                    "lvs_netlink_cmd_rcv_bufs_force",
                    "lvs_netlink_monitor_rcv_bufs",
                    "lvs_netlink_monitor_rcv_bufs_force",
                    "process_monitor_rcv_bufs",
                    "process_monitor_rcv_bufs_force",
                    "vrrp_rx_bufs_policy",
                    "vrrp_rx_bufs_multiplier",
                    "umask",
                    "random_seed",
                    "include_check",
                    "log_unknown_vrids",
                    "reload_check_config",
                    "nftables",
                    "nftables_priority",
                    "nftables_counters",
                    "nftables_ifindex",
                    "linkbeat_use_polling",
                    "use_symlink_paths",
                    "set_supplementary_groups"),
            Place.INSTANCE,
            List.of("kernel_rx_buf_size", "timer_expired_backup", "thread_timer_expired"));

    /** Warned about: why, and the names. */
    private static final Map<Place, Map<String, List<String>>> WARNED = Map.of(
            Place.TOP,
            Map.of(
                    NAMESPACE, List.of("net_namespace", "net_namespace_ipvs", "namespace_with_ipsets"),
                    LVS, List.of("virtual_server_group", "virtual_server", "SSL"),
                    BFD, List.of("bfd_instance")),
            Place.GLOBAL,
            Map.of(
                    MAIL,
                    List.of(
                            "notification_email",
                            "notification_email_from",
                            "smtp_server",
                            "smtp_helo_name",
                            "smtp_connect_timeout",
                            "smtp_alert",
                            "smtp_alert_vrrp",
                            "smtp_alert_checker",
                            "no_email_faults",
                            "no_checker_emails"),
                    SNMP,
                    List.of(
                            "snmp_socket",
                            "enable_traps",
                            "enable_snmp_vrrp",
                            "enable_snmp_keepalived",
                            "enable_snmp_checker",
                            "enable_snmp_rfc",
                            "enable_snmp_rfcv2",
                            "enable_snmp_rfcv3",
                            "snmp_vs_stats_update_interval",
                            "snmp_rs_stats_update_interval"),
                    DBUS,
                    List.of("enable_dbus", "dbus_service_name", "dbus_no_interface_name"),
                    LVS,
                    List.of(
                            "lvs_sync_daemon",
                            "lvs_timeouts",
                            "lvs_flush",
                            "lvs_flush_on_stop",
                            "lvs_flush_onstop",
                            "lvs_notify_fifo",
                            "lvs_notify_fifo_script",
                            "checker_log_all_failures",
                            "rs_init_notifies",
                            "nftables_ipvs",
                            "nftables_ipvs_priority",
                            "nftables_ipvs_start_fwmark"),
                    FIREWALL,
                    List.of("vrrp_iptables", "vrrp_ipsets", "disable_local_igmp"),
                    RELOAD,
                    List.of("reload_time_file", "reload_repeat", "reload_file"),
                    AFTER_BOOT,
                    List.of("vrrp_delay_after_boot"),
                    IPROUTE,
                    List.of("iproute_usr_dir", "iproute_etc_dir")),
            Place.GROUP,
            Map.of(
                    MAIL, List.of("smtp_alert"),
                    BFD, List.of("track_bfd")),
            Place.INSTANCE,
            Map.of(
                    MAIL,
                    List.of("smtp_alert"),
                    BFD,
                    List.of("track_bfd"),
                    LVS,
                    List.of("lvs_sync_daemon_interface"),
                    "adverts leave in the VRF of the instance's interface",
                    List.of("vrf"),
                    "no ipvlan is made, the interface itself is used",
                    List.of("use_ipvlan")));

    private Unsupported() {}

    static Directives addTo(Directives table, Place place, BlockReader in, Findings findings) {
        for (String name : SILENT.getOrDefault(place, List.of())) {
            table.on(name, in::skip);
        }
        WARNED.getOrDefault(place, Map.of()).forEach((why, names) -> {
            for (String name : names) {
                table.on(name, at -> {
                    findings.warn(at, "is not supported and has no effect: " + why);
                    in.skip(at);
                });
            }
        });
        return table;
    }

    /** Names that are taken without a word there. */
    static List<String> silent(Place place) {
        return SILENT.getOrDefault(place, List.of());
    }

    /** Names that are warned about there. */
    static List<String> warned(Place place) {
        return WARNED.getOrDefault(place, Map.of()).values().stream()
                .flatMap(List::stream)
                .sorted()
                .toList();
    }
}
