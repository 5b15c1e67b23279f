// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.cli;

/** What {@code keepstate keepalived --help} says. */
final class KeepalivedUsage {
    private KeepalivedUsage() {}

    static String text() {
        return """
            Usage: keepalived [OPTION...]
              -f, --use-file=FILE          The configuration file
                                            (default /etc/keepalived/keepalived.conf)
              -n, --dont-fork              Stay in the foreground
              -l, --log-console            Log to the console
              -D, --log-detail             Log details
              -S, --log-facility=FACILITY  Syslog facility: 0-7, local0-local7, user, daemon (default)
              -g, --log-file=FILE          Log to FILE, with _vrrp before its last dot
              -G, --no-syslog              Do not log to syslog
              -d, --dump-conf              Log the configuration
              -p, --pid=FILE               File that names the process
              -r, --vrrp_pid=FILE          The same, for programs that look for the VRRP process
              -s, --namespace=NAME         Run in network namespace NAME
              -e, --all-config             A missing include file is an error
              -i, --config-id=ID           Lines that begin with @ID count, those with another id do not
              -u, --umask=MASK             Mask for the files that are made
              -m, --core-dump              Allow a core file
              -t, --config-test[=FILE]     Check the configuration and run nothing; report to FILE or standard error
                  --signum=SIGFUNC         Print the signal for STOP, RELOAD, DATA, STATS, STATS_CLEAR or JSON
              -v, --version                Print the version
              -h, --help                   Print this

            Accepted without effect: -P -B -I -R -X --all --flush-log-file --no-mem-check.
            Accepted with a warning: -V -a -b -c -x -A -M --perf --debug. Refused: -C -T.
            Exit codes: 0 ended, or runs already; 1 wrong arguments; 2 cannot start; 6 no configuration file.
            Of -t: 0 nothing found; 5 findings; 6 scripts run as root without enable_script_security.
            """;
    }
}
