# Sourced by the commands that scripts call in a row (conntrackd as a client, conntrack), which have set $home to the
# directory of the distribution: starts Java with as few processes as can be, with classes from the archive that
# packaging made (lib/client.jsa). Without the archive, or with one of another Java machine or another place, it starts
# all the same, only slower.

# The option that names the archive; class-archive has another.
archive=

# What the release file of a Java says of its version, as a number in $version.
read_version() {
    version=
    [ -r "$1" ] || return 0
    while IFS= read -r line; do
        case $line in
        JAVA_VERSION=*)
            version=${line#JAVA_VERSION=?}
            version=${version%%[!0-9]*}
            return 0
            ;;
        esac
    done <"$1"
}

# Runs io.keepstate.examples.cli.Main with the arguments.
run_client() {
    if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
        java=$JAVA_HOME/bin/java
        read_version "$JAVA_HOME/release"
    else
        java=$(command -v java) || java=
        real=$(readlink -f "$java" 2>/dev/null) || real=
        read_version "${real%/bin/java}/release"
    fi
    # A Java without a release file is asked by the other launcher, which has the time.
    if [ -z "$java" ] || [ -z "$version" ] || [ "$version" -lt 17 ]; then
        exec "$home/bin/keepstate" "$@"
    fi
    options="-XX:+UseSerialGC -XX:-UsePerfData -XX:TieredStopAtLevel=1 -Xshare:auto"
    # A listing reads its buffers in one thread and gives them back at its end: looking each time whether somebody has
    # done so already takes an eighth of its time.
    options="$options -Dio.netty.buffer.checkAccessible=false"
    # Of all native calls a command makes a few: bound one by one when they are made, without classes generated for all.
    options="$options -Djnr.ffi.asm.enabled=false"
    # What a machine thinks of an archive that does not fit is no output of this command.
    options="$options -Xlog:disable -Xlog:all=error:stderr"
    [ "$version" -lt 22 ] || options="$options --enable-native-access=ALL-UNNAMED"
    # Its own classes first: without the archive they are not to be looked for in every other file.
    for own in "$home"/lib/keepstate-examples-*.jar; do :; done
    # shellcheck disable=SC2086 # options are words
    exec "$java" $options "${archive:--XX:SharedArchiveFile=$home/lib/client.jsa}" ${KEEPSTATE_JAVA_OPTS:-} \
        -cp "$own:$home/lib/*" io.keepstate.examples.cli.Main "$@"
}
