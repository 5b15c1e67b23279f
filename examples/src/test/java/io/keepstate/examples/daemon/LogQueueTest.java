// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

@Timeout(value = 30, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class LogQueueTest {
    private static final int TOO_MANY = 100;

    private final LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    private final Logger logger = context.getLogger("queued");
    private final StoppedReader console = new StoppedReader();
    private LogQueue queue;

    /** Takes nothing until it is released. */
    private static final class StoppedReader extends AppenderBase<ILoggingEvent> {
        final Semaphore released = new Semaphore(0);
        final List<String> taken = new CopyOnWriteArrayList<>();

        @Override
        protected void append(ILoggingEvent event) {
            // As a stream, which goes on waiting when the queue is being stopped.
            released.acquireUninterruptibly();
            released.release();
            taken.add(event.getFormattedMessage());
        }
    }

    @BeforeEach
    void startQueue() {
        console.setName("CONSOLE");
        console.setContext(context);
        console.start();
        queue = new LogQueue(console);
        queue.start();
    }

    @AfterEach
    void stopQueue() {
        console.released.release();
        queue.stop();
    }

    @Test
    void whoLogsDoesNotWaitAndWhatIsMissingIsToldExactly() throws InterruptedException {
        Logger root = context.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        root.addAppender(queue);
        try {
            queue.doAppend(event("taken at once"));
            while (queue.getNumberOfElementsInQueue() > 0) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            for (int i = 0; i < LogQueue.EVENTS + TOO_MANY; i++) {
                queue.doAppend(event("event " + i));
            }
            console.released.release();
            String told = TOO_MANY + " events are missing in the log CONSOLE: nobody took them in time";
            while (!console.taken.contains(told)) {
                TimeUnit.MILLISECONDS.sleep(1);
            }
            assertThat(console.taken)
                    .startsWith("taken at once", "event 0")
                    .contains("event " + (LogQueue.EVENTS - 1))
                    .doesNotContain("event " + LogQueue.EVENTS);
        } finally {
            root.detachAppender(queue);
        }
    }

    @Test
    void theEndWritesWhatWaitsAndLeavesTheAppenderOpen() {
        console.released.release();
        for (int i = 0; i < 1000; i++) {
            queue.doAppend(event("event " + i));
        }
        queue.stop();
        assertThat(console.taken).hasSize(1000);
        assertThat(console.isStarted()).isTrue();
    }

    private ILoggingEvent event(String message) {
        return new LoggingEvent("x", logger, Level.INFO, message, null, null);
    }
}
