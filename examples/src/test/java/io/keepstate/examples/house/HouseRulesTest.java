// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.house;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.syntax.elements.GivenClassesConjunction;
import io.keepstate.node.BoundedQueue;
import org.junit.jupiter.api.Test;

/** The one rule, the arrows and the absence of cycles, as docs/architecture.md states them. */
class HouseRulesTest {
    private static final JavaClasses HOUSE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(location -> !location.contains("-tests.jar")) // the lab
            .importPackages("io.keepstate");

    /** Packages that compute and do nothing else. */
    private static final String[] PURE = {
        "io.keepstate.flow..",
        "io.keepstate.cache..",
        "io.keepstate.ftfw..",
        "io.keepstate.vrrp..",
        "io.keepstate.conntrack.codec..",
        "io.keepstate.node.."
    };

    /** Packages that may talk to the kernel. */
    private static final String[] LINUX = {
        "io.keepstate.linux..",
        "io.keepstate.conntrack",
        "io.keepstate.ftfw.channel..",
        "io.keepstate.vrrp.linux..",
        "io.keepstate.node.linux..",
        "io.keepstate.examples.."
    };

    @Test
    void pureCodeReadsNoClock() {
        pure().should().callMethod(System.class, "nanoTime").check(HOUSE);
        pure().should().callMethod(System.class, "currentTimeMillis").check(HOUSE);
        pure().should()
                .dependOnClassesThat()
                .belongToAnyOf(java.time.Clock.class)
                .check(HOUSE);
    }

    @Test
    void pureCodeStartsNoThreadAndTakesNoLock() {
        pure().should().dependOnClassesThat().belongToAnyOf(Thread.class).check(HOUSE);
        pure().should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.util.concurrent", "java.util.concurrent.locks..")
                .check(HOUSE);
    }

    /** The loops of a node share nothing but their two queues, which take no lock either. */
    @Test
    void onlyTheQueueBetweenTheLoopsIsSharedByThreads() {
        pure().and()
                .areNotAssignableTo(BoundedQueue.class)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("java.util.concurrent..")
                .check(HOUSE);
    }

    @Test
    void pureCodeOpensNoSocketAndNoFile() {
        pure().should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.nio.channels..", "java.nio.file..")
                .check(HOUSE);
        pure().should()
                .dependOnClassesThat()
                .belongToAnyOf(java.io.File.class, java.net.Socket.class)
                .check(HOUSE);
        pure().should()
                .dependOnClassesThat()
                .belongToAnyOf(java.net.DatagramSocket.class)
                .check(HOUSE);
    }

    @Test
    void pureCodeDrawsNoRandomNumberOfItsOwn() {
        pure().should().callConstructor(java.util.Random.class).check(HOUSE);
        pure().should().callMethod(Math.class, "random").check(HOUSE);
    }

    @Test
    void pureCodeDoesNotLog() {
        pure().should().dependOnClassesThat().resideInAPackage("org.slf4j..").check(HOUSE);
    }

    @Test
    void onlyLinuxCodeTouchesTheKernel() {
        noClasses()
                .that(not(resideInAnyPackage(LINUX)))
                .and(not(resideInAnyPackage("io.keepstate.testkit..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.keepstate.linux..")
                .check(HOUSE);
    }

    @Test
    void onlyTheLinuxModuleKnowsTheNativeBinding() {
        noClasses()
                .that()
                .resideOutsideOfPackages("io.keepstate.linux..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jnr.ffi..", "com.kenai.jffi..", "io.keepstate.linux.libc.internal..")
                .check(HOUSE);
    }

    @Test
    void arrowsPointDown() {
        noArrow("io.keepstate.linux..", "flow", "conntrack", "cache", "ftfw", "vrrp", "node", "testkit", "examples");
        noArrow("io.keepstate.flow..", "linux", "conntrack", "cache", "ftfw", "vrrp", "node", "testkit", "examples");
        noArrow("io.keepstate.cache..", "linux", "conntrack", "ftfw", "vrrp", "node", "testkit", "examples");
        noArrow("io.keepstate.conntrack..", "cache", "ftfw", "vrrp", "node", "testkit", "examples");
        noArrow("io.keepstate.ftfw..", "flow", "conntrack", "cache", "vrrp", "node", "testkit", "examples");
        noArrow("io.keepstate.vrrp..", "flow", "conntrack", "cache", "ftfw", "node", "testkit", "examples");
        noArrow("io.keepstate.node..", "testkit", "examples");
        noArrow("io.keepstate.testkit..", "examples", "conntrack");
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("io.keepstate.(**)")
                .should()
                .beFreeOfCycles()
                .allowEmptyShould(true)
                .check(HOUSE);
    }

    private static GivenClassesConjunction pure() {
        return noClasses()
                .that(resideInAnyPackage(PURE).and(not(resideInAnyPackage(LINUX))))
                .and()
                .resideInAnyPackage(PURE);
    }

    private static void noArrow(String from, String... modules) {
        String[] targets = java.util.Arrays.stream(modules)
                .map(m -> "io.keepstate." + m + "..")
                .toArray(String[]::new);
        noClasses()
                .that()
                .resideInAPackage(from)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(targets)
                .allowEmptyShould(true)
                .check(HOUSE);
    }
}
