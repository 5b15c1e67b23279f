// SPDX-License-Identifier: Apache-2.0
package io.keepstate.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A broadcast segment: what one port sends, every other connected port receives, after what the faults of the
 * segment do to it. A link between two nodes is a segment with two ports. Datagrams are copied: nobody can change
 * what is under way.
 */
public final class Segment {
    /** Where a port hands over what arrived. */
    @FunctionalInterface
    public interface Listener {
        /** One datagram; the array is the listener's own. */
        void onDatagram(byte[] datagram);
    }

    /** Watches every datagram that enters the segment, lost ones included: the packet trace. */
    @FunctionalInterface
    public interface Tap {
        /** A datagram that {@code from} sent at this moment towards {@code to}; copies is 0 when it is lost. */
        void onDatagram(long nowNanos, String from, String to, byte[] datagram, int copies);
    }

    private final Agenda agenda;
    private final VirtualClock clock;
    private final RandomGenerator random;
    private final List<Port> ports = new ArrayList<>();
    private final List<Tap> taps = new ArrayList<>();
    private LinkFaults faults = LinkFaults.NONE;
    private Filter filter = (from, datagram) -> false;

    /** A segment without ports and without faults. */
    public Segment(Agenda agenda, VirtualClock clock, RandomGenerator random) {
        this.agenda = agenda;
        this.clock = clock;
        this.random = random;
    }

    /** Connects a port; its name is for the trace. */
    public Port connect(String name, Listener listener) {
        Port port = new Port(name, listener);
        ports.add(port);
        return port;
    }

    /** Faults from now on; what is under way stays under way. */
    public void faults(LinkFaults next) {
        faults = next;
    }

    /** Adds a watcher. */
    public void tap(Tap tap) {
        taps.add(tap);
    }

    /** Decides which datagrams vanish, beside what the faults draw: for scenarios that lose one certain message. */
    @FunctionalInterface
    public interface Filter {
        /** Whether this datagram of {@code from} vanishes. */
        boolean drops(String from, byte[] datagram);
    }

    /** Sets the filter; the default drops nothing. */
    public void filter(Filter next) {
        filter = next;
    }

    /** One end of the segment. */
    public final class Port {
        private final String name;
        private final Listener listener;
        private boolean sends = true;
        private boolean receives = true;
        private boolean unplugged;

        private Port(String name, Listener listener) {
            this.name = name;
            this.listener = listener;
        }

        /** Name given at {@link Segment#connect}. */
        public String name() {
            return name;
        }

        /** Sends to every other port; false when this port is unplugged. */
        public boolean send(byte[] datagram) {
            if (unplugged) {
                return false;
            }
            for (Port to : ports) {
                if (to != this && !to.unplugged) {
                    transfer(to, datagram.clone());
                }
            }
            return true;
        }

        /** One-way partitions: whether what it sends leaves, and whether what others send reaches it. */
        public void partition(boolean canSend, boolean canReceive) {
            sends = canSend;
            receives = canReceive;
        }

        /** Whether both directions work: what a carrier would say. */
        public boolean isConnected() {
            return !unplugged && sends && receives;
        }

        /** Takes the port away for good: what is under way to it is lost. */
        public void unplug() {
            unplugged = true;
            ports.remove(this);
        }

        private void transfer(Port to, byte[] datagram) {
            boolean passes = sends && to.receives && !filter.drops(name, datagram);
            int copies = passes ? faults.copies(random) : 0;
            taps.forEach(tap -> tap.onDatagram(clock.nowNanos(), name, to.name, datagram, copies));
            for (int i = 0; i < copies; i++) {
                agenda.in(faults.delay(random), () -> to.deliver(datagram));
            }
        }

        private void deliver(byte[] datagram) {
            if (!unplugged && receives) {
                listener.onDatagram(datagram.clone());
            }
        }
    }
}
