#!/bin/sh
# For keepalived and conntrackd with several groups on one node: primary-backup.sh primary|backup|fault GROUP
#
# The script that conntrackd brings knows one group. With two, the one that goes to the peer would have it run
# "conntrackd -t", and PurgeTimeout later the kernel's flows are gone: those of the group that stays, too.
# Its "conntrackd -f" would empty the external cache of the flows of the group that the peer keeps.

conntrackd() { /usr/sbin/conntrackd -C /etc/conntrackd/conntrackd.conf "$@"; }

roles=/run/conntrackd-roles # a file per group for which this node is primary; in memory: gone after a power loss
mkdir -p "$roles"
exec 9> "$roles.lock"
flock 9 # keepalived starts the scripts of two groups side by side

case "$1" in
primary)
    : > "$roles/$2"
    conntrackd -c # also stops a purge that waits
    conntrackd -R
    conntrackd -B
    ;;
backup | fault)
    rm -f "$roles/$2"
    # Only a node without any role forgets its flows.
    [ -n "$(ls "$roles")" ] || conntrackd -t
    [ "$1" = fault ] || conntrackd -n
    ;;
*)
    echo "Usage: primary-backup.sh primary|backup|fault GROUP" >&2
    exit 1
    ;;
esac
