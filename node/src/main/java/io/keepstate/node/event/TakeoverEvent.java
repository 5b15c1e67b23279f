// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.event;

/** The course of a takeover. Times count from the election. */
public sealed interface TakeoverEvent extends NodeEvent {

    /** The group whose role is taken over. */
    String group();

    /**
     * The peer's flows are in the kernel, apart from the refused ones.
     *
     * @param millis the commit alone
     */
    record Committed(String group, int flows, int refused, long millis) implements TakeoverEvent {
        @Override
        public String text() {
            return head(group) + "committed " + flows + " flows, " + refused + " refused, in " + millis + " ms";
        }

        @Override
        public boolean isWarning() {
            return refused > 0;
        }
    }

    /**
     * The addresses are on the interfaces.
     *
     * @param millis since the election
     */
    record AddressesUp(String group, long millis) implements TakeoverEvent {
        @Override
        public String text() {
            return head(group) + "addresses up after " + millis + " ms";
        }
    }

    /**
     * All steps ended; hooks run now.
     *
     * @param millis since the election
     */
    record Completed(String group, long millis) implements TakeoverEvent {
        @Override
        public String text() {
            return head(group) + "complete in " + millis + " ms";
        }
    }

    /**
     * A step failed or was late.
     *
     * @param reason one sentence
     * @param gaveUp whether the role is given away because of it
     */
    record StepMissed(String group, TakeoverStep step, String reason, boolean gaveUp) implements TakeoverEvent {
        @Override
        public String text() {
            return head(group) + step.text() + " missed: " + reason
                    + (gaveUp ? "; giving the role away" : "; going on");
        }

        @Override
        public boolean isWarning() {
            return true;
        }
    }

    /** The role was lost before the takeover was complete. */
    record Abandoned(String group, TakeoverStep at) implements TakeoverEvent {
        @Override
        public String text() {
            return head(group) + "abandoned during " + at.text();
        }
    }

    private static String head(String group) {
        return "takeover of " + group + ": ";
    }
}
