// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived.lines;

import static org.assertj.core.api.Assertions.assertThat;

import io.keepstate.examples.conf.Finding;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Severity;
import io.keepstate.examples.conf.Token;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** keepalived.conf(5), the parts before the directives: files, comments, conditions, parameters, sequences, quotes. */
class LineReaderTest {
    private final Findings findings = new Findings("f");
    private int reported;

    @TempDir
    Path directory;

    @Test
    void commentsBeginWithEitherSignAnywhereButInDoubleQuotes() {
        assertThat(lines("a ! b", "# c", "d# e", "f \"# ! g\" # h", "i \"\\\" # j\" ! k"))
                .containsExactly("a", "d", "f \"# ! g\"", "i \"\\\" # j\"");
    }

    @Test
    void aConditionKeepsALineOfItsOwnMachineOnly() {
        assertThat(lines("@main a", "@other b", "@^main c", "@^other d", "@main", "@ main e", "f @main"))
                .containsExactly("a", "d", "f @main");
    }

    @Test
    void aParameterIsReplacedWithBracesAnywhereAndWithoutBeforeABlank() {
        assertThat(lines("$A=1", "$EMPTY=", "x $A", "x ${A}5", "x $A5", "x ${EMPTY}y"))
                .containsExactly("x 1", "x 15", "x $A5", "x y");
    }

    @Test
    void aParameterIsLookedUpWhenItIsUsed() {
        assertThat(lines("$BASE=10.2.${SUB}", "$SUB=0", "${BASE}.1", "$SUB=10", "${BASE}.1"))
                .containsExactly("10.2.0.1", "10.2.10.1");
    }

    @Test
    void aParameterMayHoldACondition() {
        assertThat(lines("$MINE=@main", "$OTHER=@other", "$MINE a", "$OTHER b")).containsExactly("a");
        assertThat(lines("@main $P=240", "@other $P=200", "priority $P")).containsExactly("priority 240");
    }

    @Test
    void aParameterMayHaveManyLines() {
        assertThat(lines(
                        "$I= \\",
                        "vrrp_instance V${N} { \\",
                        "  @main priority 1 \\",
                        "  @other priority 2 \\",
                        "",
                        "}",
                        "$N=7",
                        "$I",
                        "$N=8",
                        "$I"))
                .containsExactly("vrrp_instance V7 {", "priority 1", "}", "vrrp_instance V8 {", "priority 1", "}");
    }

    @Test
    void parametersOfManyLinesNest() {
        assertThat(lines("$IN= \\", "in ${K} \\", "end", "$OUT= \\", "$K=1 \\", "$IN \\", "$K=2 \\", "$IN", "$OUT"))
                .containsExactly("in 1", "end", "in 2", "end");
    }

    @Test
    void anUndefinedParameterWithBracesIsReported() {
        assertThat(lines("x ${NONE} $NEITHER")).containsExactly("x ${NONE} $NEITHER");
        assertThat(findings.list()).extracting(Finding::directive).containsExactly("${NONE}");
    }

    @Test
    void parametersThatReferToOneAnotherEndWithAnError() {
        lines("$A=${B}", "$B=${A}", "x ${A}");
        assertThat(findings.list()).extracting(Finding::severity).contains(Severity.ERROR);
    }

    @Test
    void someParametersAreThereFromTheStart() {
        assertThat(lines("a ${_HASH} ${_BANG} ${_INSTANCE} ${_PWD}")).containsExactly("a # ! main " + directory);
        assertThat(lines("${_RANDOM 5 5} ${_RANDOM 7 3}")).containsExactly("5 7");
        assertThat(lines("${_ENV PATH}/x")).containsExactly(System.getenv("PATH") + "/x");
        assertThat(findings.list()).isEmpty();
        assertThat(lines("${_ENV NOBODY_SETS_THIS}")).containsExactly("${_ENV NOBODY_SETS_THIS}");
        assertThat(findings.list()).hasSize(1);
    }

    @Test
    void randomNumbersRepeatWithASeed() {
        List<String> first = lines("random_seed 4", "${_RANDOM} ${_RANDOM} ${_RANDOM 1 100}");
        assertThat(lines("random_seed 4", "${_RANDOM} ${_RANDOM} ${_RANDOM 1 100}"))
                .isEqualTo(first);
    }

    @Test
    void aSequenceRepeatsTheRestOfItsLine() {
        assertThat(lines("~SEQ(N, 0, 2) a${N}")).containsExactly("a0", "a1", "a2");
        assertThat(lines("~SEQ(N, 2) a${N}")).containsExactly("a1", "a2");
        assertThat(lines("~SEQ(N, -2) a${N}")).containsExactly("a-1", "a-2");
        assertThat(lines("~SEQ(N, 5, -2, 1) a${N}")).containsExactly("a5", "a3", "a1");
        assertThat(lines("~SEQx(N, 0x90, 0x10, 0xb0) a${N}")).containsExactly("a90", "aa0", "ab0");
    }

    @Test
    void aListRepeatsTheRestOfItsLine() {
        assertThat(lines("~LST(N, p, q) a${N}")).containsExactly("ap", "aq");
        assertThat(lines("~LST({N, M}, {1,2},{3, 4}) a${N}.${M}")).containsExactly("a1.2", "a3.4");
        assertThat(lines("~LST(N, 1, 2) ~SEQ(M, 2) a${N}.${M}")).containsExactly("a1.1", "a1.2", "a2.1", "a2.2");
    }

    @Test
    void aSequenceMayRepeatAParameterOfManyLinesAndHaveParametersOfItsOwn() {
        assertThat(lines("$B= \\", "x${N} \\", "y", "$END=2", "~SEQ(N, ${END}) $B"))
                .containsExactly("x1", "y", "x2", "y");
    }

    @Test
    void aWrongSequenceIsReportedWithItsLine() {
        assertThat(lines("~SEQ(N) a", "~SEQ(N, 1, 0, 5) a", "~LST({A,B}, {1}) a", "~SEQ(N, 1, 9999999) a"))
                .isEmpty();
        assertThat(findings.list()).hasSize(4).extracting(Finding::line).containsExactly(1, 2, 3, 4);
    }

    @Test
    void sequencesCannotFillTheMemory() {
        assertThat(lines("~SEQ(A, 2000) ~SEQ(B, 2000) x")).hasSize(1_000_000);
        assertThat(findings.list()).hasSize(1);
    }

    @Test
    void aLineThatEndsWithABackslashGoesOn() {
        assertThat(lines("a b \\", "c", "d")).containsExactly("a b c", "d");
    }

    @Test
    void includedFilesAreFoundFromWhereTheyAreNamed() throws IOException {
        Files.createDirectories(directory.resolve("sub/deep"));
        Files.writeString(directory.resolve("sub/a.conf"), "in a\ninclude deep/b.conf\n");
        Files.writeString(directory.resolve("sub/deep/b.conf"), "in b ${_PWD}\n");
        assertThat(lines("first", "include sub/a.conf", "last"))
                .containsExactly("first", "in a", "in b " + directory + "/sub/deep", "last");
    }

    @Test
    void wildcardsAndBracesIncludeInOrder() throws IOException {
        for (String name : List.of("b1.conf", "a1.conf", "c1.conf", ".h1.conf", "x.txt")) {
            Files.writeString(directory.resolve(name), name + "\n");
        }
        assertThat(lines("include *.conf")).containsExactly("a1.conf", "b1.conf", "c1.conf");
        assertThat(lines("include {c,a}1.conf")).containsExactly("c1.conf", "a1.conf");
        assertThat(lines("include [ab]?.conf")).containsExactly("a1.conf", "b1.conf");
    }

    @Test
    void aFileThatIncludesItselfIsReported() throws IOException {
        Files.writeString(directory.resolve("a.conf"), "include b.conf\n");
        Files.writeString(directory.resolve("b.conf"), "b\ninclude a.conf\n");
        assertThat(lines("include a.conf")).containsExactly("b");
        assertThat(findings.list()).hasSize(1);
        assertThat(findings.list().get(0).message()).contains("includes itself");
        assertThat(findings.list().get(0).file()).endsWith("b.conf");
    }

    @Test
    void aMissingFileIsAnErrorIfTheKeywordOrACheckSaysSo() {
        lines("include none.conf", "include none*.conf", "includer none.conf");
        assertThat(findings.list()).extracting(Finding::severity).containsOnly(Severity.WARNING);
        lines("includem none.conf", "includew none*.conf", "includeb {none,nor}.conf", "includea none.conf");
        assertThat(findings.list().stream().filter(it -> it.severity() == Severity.ERROR))
                .hasSize(5);
    }

    @Test
    void includeCheckHoldsForTheFilesBelow() throws IOException {
        Files.writeString(directory.resolve("a.conf"), "include_check -match\ninclude none.conf\n");
        lines("include_check match", "include a.conf", "include none.conf");
        assertThat(findings.list())
                .extracting(it -> it.severity() + " " + it.line())
                .containsExactly("WARNING 2", "ERROR 3");
    }

    @Test
    void aCommentInASecretIsReportedWhereverTheSecretStands() {
        lines("auth_pass abc!def", "auth_pass !abc", "auth_pass \"abc!\"", "auth_pass abc ! a comment");
        reports("1 auth_pass", "2 auth_pass");
        lines("authentication { auth_pass ab!cd }", "auth_pass \\", "ab#cd", "@main auth_pass ab!cd");
        reports("1 auth_pass", "3 auth_pass", "4 auth_pass");
        lines("key 1 01234567890123456789012345678901!more", "key 2 !0123", "key 3 0123 ! a comment", "key !x");
        reports("1 key", "2 key");
        lines("$PW=ab!cd", "$PW=ab ! a comment", "$PW=\"ab!cd\"", "@main $PW=ab#cd", "$PW=\\", "ab!cd");
        reports("1 $PW", "4 $PW", "6 $PW");
    }

    private void reports(String... where) {
        assertThat(findings.list().stream().skip(reported))
                .extracting(it -> it.line() + " " + it.directive())
                .containsExactly(where);
        assertThat(findings.list()).extracting(Finding::severity).containsOnly(Severity.WARNING);
        reported = findings.list().size();
    }

    @Test
    void bracesEndALineUnlessQuotedAndKeepTheNumberOfTheLine() {
        assertThat(words("a b { c \"d { e\" } f")).containsExactly("a", "b", "{", "c", "d { e", "}", "f");
    }

    @Test
    void doubleQuotesHoldWordsTogetherAndEndThem() {
        assertThat(words("auth_pass a\\b\"c d\"e 'f g'")).containsExactly("auth_pass", "a\\b", "c d", "e", "'f", "g'");
    }

    @Test
    void programLinesKnowBothQuotesAndEscapes() {
        assertThat(words("notify '/bin/sh -c \"x # y\"' user"))
                .containsExactly("notify", "/bin/sh -c \"x # y\"", "user");
        assertThat(words("script /bin/echo\" q {r}\"s")).containsExactly("script", "/bin/echo q {r}s");
        assertThat(QuotedWords.split("a\\ b \\x41\\102 'c d'\\n \"e 'f\""))
                .containsExactly("a b", "AB", "c d\n", "e 'f");
    }

    private List<String> lines(String... text) {
        LineReader reader = new LineReader("main", findings);
        reader.read(directory.resolve("keepalived.conf"), String.join("\n", text));
        return reader.lines().stream().map(Line::text).toList();
    }

    private List<String> words(String text) {
        return LineLexer.cut(List.of(new Line(text, "f", 1)), findings).stream()
                .filter(token -> token.kind() != Token.Kind.END)
                .map(Token::text)
                .toList();
    }
}
