// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.demo;

/** What happens to the firewalls, for one layout of the lab. One thread. */
interface Script {
    /** One fault, and the return from it. The first fault is number 0. */
    void cycle(int number);
}
