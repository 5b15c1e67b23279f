// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp;

/**
 * Makes one answer of the exit codes of a {@linkplain TrackedScript script}, by keepalived's counter: it runs from 0 to
 * {@code rise + fall - 1}, the script works from {@code rise} on; a success counts one up and, once that is reached, to the
 * top; a failure counts one down and, once it is below, to 0. So a script changes after {@code rise} successes or
 * {@code fall} failures in a row. Pure; one loop owns it.
 */
public final class ScriptResult {

    private final int rise;
    private final int top;
    private int counter;
    /** Whether a run has decided, or none is needed. */
    private boolean decided;

    /** The result of a script that has not run yet. */
    public ScriptResult(TrackedScript script) {
        this.rise = script.rise();
        this.top = script.rise() + script.fall() - 1;
        this.decided = script.initFail();
    }

    /** Whether it works or not is known: it has run, or counts as failed until it has. */
    public boolean isKnown() {
        return decided;
    }

    /** Whether the script counts as working. */
    public boolean isUp() {
        return decided && counter >= rise;
    }

    /** keepalived's counter. */
    public int counter() {
        return counter;
    }

    /**
     * Takes the result of one run.
     *
     * @return whether the answer changed, or became known
     */
    public boolean onRun(boolean success) {
        boolean wasKnown = decided;
        boolean wasUp = isUp();
        if (!decided) {
            decided = true;
            counter = success ? top : 0;
        } else if (success) {
            counter = counter + 1 < rise ? counter + 1 : top;
        } else {
            counter = counter > rise ? counter - 1 : 0;
        }
        return !wasKnown || wasUp != isUp();
    }
}
