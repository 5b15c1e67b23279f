// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.interop;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.interop.ConntrackCommandLine.Answer;
import io.keepstate.linux.lab.Lab;
import io.keepstate.linux.lab.LabExtension;
import io.keepstate.linux.lab.LabNamespace;
import io.keepstate.linux.lab.Requires;
import io.keepstate.linux.libc.CLibrary;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The installed conntrack and ours in one namespace: what only traffic and rules bring about, such as counters, time stamps,
 * helpers, expectations and labels. Labels have names in a connlabel.conf that only the namespace's thread sees.
 */
@ExtendWith(LabExtension.class)
class ConntrackListingInteropIT {
    private static final int CLONE_NEWNS = 0x20000;
    private static final String LABELS = """
            # a comment
              # another
            0 zero
            1 web
            2   two words \t
            3\ttab
            0x10 sixteen
            010 eight
            08 octal
            5 dotted.name
            6
            1 again
            9 web
               7 seven
            +11 eleven
            12twelve
            x 13 thirteen
            14 four#teen
            127 last
            1024 far
            """;

    private static final List<String> READING = List.of(
            "-L",
            "-L -o extended",
            "-L -o xml",
            "-L -o xml,extended,id,ktimestamp,labels",
            "-L -o id",
            "-L -o ktimestamp",
            "-L -o timestamp",
            "-L -o labels",
            "-L -o labels,ktimestamp,id,extended",
            "-L -o save",
            "-L -l web",
            "-L -l again",
            "-L -l web -l zero",
            "-L -l web,zero -o labels",
            "-L -p tcp --state TIME_WAIT -o extended",
            "-L -p tcp --dport 2121 -o save",
            "-L -p tcp -d 127.0.0.0/8 --orig-port-dst 2121 --reply-port-src 2121",
            "-L -s 127.9.9.9 --mask-src 255.0.0.0",
            "-L -u ASSURED",
            "-L -u SEEN_REPLY,ASSURED -o xml",
            "-L -f ipv6",
            "-L dying",
            "-L unconfirmed",
            "-G -p tcp -s 127.0.0.1 -d 127.0.0.1 --sport 4000 --dport 2121 -o labels,ktimestamp,id",
            "-G -p tcp -s 127.0.0.1 -d 127.0.0.1 --sport 4000 --dport 2121 -l web",
            "-G -p tcp -s 127.0.0.1 -d 127.0.0.1 --sport 4000 --dport 2121 -l zero",
            "-C",
            "-S",
            "-L expect",
            "-L expect -o xml",
            "-L expect -o id",
            "-L expect -f ipv4",
            "-L expect -f ipv6",
            "-C expect",
            "-S expect",
            "-G expect -p tcp -s 127.0.0.1 -d 127.0.0.1 --sport 0 --dport 10301",
            "-G expect -p tcp -s 127.0.0.1 -d 127.0.0.1 --sport 1 --dport 10301",
            "-G expect -p udp -s 127.0.0.1 -d 127.0.0.1 --sport 0 --dport 10301",
            "-D expect -p udp -s 127.0.0.1 -d 127.0.0.1 --sport 0 --dport 10301");

    private static final List<String> LABELLING = List.of(
            "-F",
            "-I -p udp -s 1.1.1.1 -d 2.2.2.2 --sport 1 --dport 2 -t 100 --label-add web,two%20words",
            "-A -p udp -s 1.1.1.2 -d 2.2.2.2 --sport 1 --dport 2 -t 100 --label-add sixteen --label-add eight",
            "-A -p udp -s 1.1.1.3 -d 2.2.2.2 --sport 1 --dport 2 -t 100",
            "-A -p udp -s 1.1.1.4 -d 2.2.2.2 --sport 1 --dport 2 -t 100 --label-add nope",
            "-L -o labels",
            "-L -o labels,xml",
            "-L -o l",
            "-L -o save",
            "-L -o labels,save",
            "-L -l two",
            "-L -l two%20words",
            "-L -l tab",
            "-L -l 8%20octal",
            "-L -l dotted.name",
            "-L -l seven",
            "-L -l eleven",
            "-L -l twelve",
            "-L -l thirteen",
            "-L -l four",
            "-L -l far",
            "-L -l 1",
            "-L -l web,",
            "-L -l web,sixteen",
            "-L -l eight,sixteen -o labels",
            "-L -l eight -l sixteen -s 1.1.1.0/24 -o labels",
            "-U -s 1.1.1.1 --label-add last -o labels",
            "-U -s 1.1.1.1 --label-add last -o labels",
            "-U -s 1.1.1.1 --label-add=zero -l web -o labels",
            "-U -s 1.1.1.1 -l web,zero -m 5 -o labels",
            "-U -s 1.1.1.1 -l web -l eight -m 6 -o labels",
            "-U -s 1.1.1.1 --label-add nope",
            "-U -s 1.1.1.1 --label-add zero --label-del web",
            "-U -s 1.1.1.1 --label-del web -o labels",
            "-U -s 1.1.1.1 --label-del zero,nope -o labels",
            "-U -s 1.1.1.1 --label-add web -o labels,xml",
            "-U -s 1.1.1.1 --label-del zero --label-del web -o labels,xml",
            "-U -s 1.1.1.1 --label-del seven -o labels",
            "-U -s 1.1.1.1 --label-d -t 50 -o labels",
            "-U -s 1.1.1.1 --label-del= -m 9 -o labels",
            "-U -s 1.1.1.2 --label-add zero,web -t 60 -u ASSURED,SEEN_REPLY -m 0x10/0xff -o labels",
            "-U -s 1.1.1.2 --label-del -o labels",
            "-U -s 1.1.1.3 --label-add web -o labels",
            "-L -o labels",
            "-D -l nope",
            "-D -l eight",
            "-D -l web -o labels",
            "-R - << -A -p udp -s 1.1.1.5 -d 2.2.2.2 --sport 1 --dport 2 -t 100 --label-add \"two words,web\"",
            "-L -o labels",
            "-R - << -D -l web",
            "-C");

    /** Without a rule about labels flows have no room for them. */
    private static final List<String> WITHOUT_ROOM = List.of(
            "-F",
            "-I -p udp -s 1.1.1.1 -d 2.2.2.2 --sport 1 --dport 2 -t 100 --label-add web",
            "-U -s 1.1.1.1 --label-add web -o labels",
            "-U -s 1.1.1.1 --label-del web -o labels",
            "-L -o labels,xml",
            "-L -z",
            "-F");

    @Test
    void whatTrafficAndRulesBringAboutIsShownAndChangedAsByTheInstalledConntrack(Lab lab) throws Exception {
        Requires.program("conntrack");
        LabNamespace namespace = lab.namespace("fw");
        namespace.nft(LoopbackFtp.RULES);
        namespace.sysctl("net.netfilter.nf_conntrack_acct", "1");
        namespace.sysctl("net.netfilter.nf_conntrack_timestamp", "1");
        List<String> different = new ArrayList<>();
        namespace.call(() -> {
            nameLabels(lab.directory());
            LoopbackFtp.announce();
            different.addAll(differences(lab, READING));
            different.addAll(differences(lab, LABELLING));
            return null;
        });
        namespace.run("nft", "delete", "table", "ip", "t");
        different.addAll(namespace.call(() -> differences(lab, WITHOUT_ROOM)));
        assertThat(different).isEmpty();
    }

    /** Lays a file over /etc, in sight of the calling thread and of what it starts. */
    private static void nameLabels(Path directory) throws Exception {
        CLibrary.check("unshare(CLONE_NEWNS)", CLibrary.libc().unshare(CLONE_NEWNS));
        Path layers = Files.createDirectory(directory.resolve("layers"));
        String script = "mount --make-rprivate / && mount -t tmpfs none " + layers + " && cd " + layers
                + " && mkdir -p upper/xtables work && cat >upper/xtables/connlabel.conf"
                + " && mount -t overlay -o lowerdir=/etc,upperdir=upper,workdir=work overlay /etc";
        Process process = new ProcessBuilder("sh", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("layers.log").toFile())
                .start();
        try (var in = process.getOutputStream()) {
            in.write(LABELS.getBytes(StandardCharsets.US_ASCII));
        } catch (IOException ended) {
            // the exit code tells
        }
        Assumptions.assumeTrue(process.waitFor() == 0, "needs a file system that can be laid over /etc");
    }

    /** All lines by one program, then all by the other: each begins with what the other left. */
    private static List<String> differences(Lab lab, List<String> lines) {
        List<Answer> theirs = ConntrackCommandLine.answers(lines, line -> line.theirs(lab.directory()));
        List<Answer> ours = ConntrackCommandLine.answers(lines, ConntrackCommandLine::ours);
        return ConntrackCommandLine.differences(lines, theirs, ours);
    }
}
