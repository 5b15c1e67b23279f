// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AppenderBase;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes log events to an appender on a thread of its own: standard output may lead to a pipe whose reader has stopped, a log
 * file to a disk that hangs, and no loop of the daemon may wait for either. What does not fit is lost, counted, and told
 * as soon as the appender takes events again.
 */
final class LogQueue extends AsyncAppender {
    /** Events that wait; a node of 255 virtual routers logs some thousand at its start. */
    static final int EVENTS = 8192;
    /** How long the end waits for an appender that takes nothing. */
    private static final int FLUSH_MILLIS = 1000;

    private static final Logger LOG = LoggerFactory.getLogger(Daemon.class);

    private final AtomicLong lost = new AtomicLong();
    private volatile boolean taking;

    LogQueue(Appender<ILoggingEvent> appender) {
        setName(appender.getName());
        setContext(appender.getContext());
        setQueueSize(EVENTS);
        setDiscardingThreshold(0);
        setNeverBlock(true);
        setMaxFlushTime(FLUSH_MILLIS);
        Appender<ILoggingEvent> last = new LastLeg(appender);
        last.setContext(appender.getContext());
        last.start();
        addAppender(last);
    }

    /** Synchronized: of two threads only one may have the last place. */
    @Override
    protected synchronized void append(ILoggingEvent event) {
        if (getRemainingCapacity() == 0) {
            lost.incrementAndGet();
        } else {
            super.append(event);
        }
    }

    /** Whether the appender was given something that it has not taken yet. */
    boolean isTaking() {
        return taking;
    }

    /** The appender itself, which is not stopped with the queue. */
    private final class LastLeg extends AppenderBase<ILoggingEvent> {
        private final Appender<ILoggingEvent> appender;

        LastLeg(Appender<ILoggingEvent> appender) {
            this.appender = appender;
        }

        @Override
        protected void append(ILoggingEvent event) {
            taking = true;
            appender.doAppend(event);
            taking = false;
            long missing = getRemainingCapacity() > 0 ? lost.getAndSet(0) : 0;
            if (missing > 0) {
                LOG.warn("{} events are missing in the log {}: nobody took them in time", missing, appender.getName());
            }
        }
    }
}
