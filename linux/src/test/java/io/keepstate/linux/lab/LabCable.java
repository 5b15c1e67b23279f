// SPDX-License-Identifier: Apache-2.0
package io.keepstate.linux.lab;

/** Two namespaces with one cable between them, whose ends have the same name. */
public record LabCable(LabNamespace a, LabNamespace b) {
    /**
     * Makes namespaces {@code a} and {@code b} and lays a cable.
     *
     * @param networks each with its prefix length, and {@code %d} for the number of the host: 1 is a, 2 is b
     */
    public static LabCable lay(Lab lab, String interfaceName, String... networks) {
        LabNamespace a = lab.namespace("a");
        LabNamespace b = lab.namespace("b");
        lab.veth(a, interfaceName, b, interfaceName);
        for (String network : networks) {
            a.address(interfaceName, network.replace("%d", "1"));
            b.address(interfaceName, network.replace("%d", "2"));
        }
        return new LabCable(a, b);
    }
}
