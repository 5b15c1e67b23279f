// SPDX-License-Identifier: Apache-2.0
package io.keepstate.node.sync;

import io.keepstate.cache.ExternalCache;
import io.keepstate.cache.ExternalCacheConfig;
import io.keepstate.cache.ExternalExpectations;
import io.keepstate.cache.InternalCache;
import io.keepstate.cache.InternalCacheConfig;
import io.keepstate.cache.InternalExpectations;
import io.keepstate.flow.wire.ExpectationDecoder;
import io.keepstate.flow.wire.ExpectationEncoder;
import io.keepstate.flow.wire.FlowDecoder;
import io.keepstate.flow.wire.FlowEncoder;
import io.keepstate.flow.wire.MalformedPayload;
import io.keepstate.flow.wire.WireOptions;
import io.keepstate.node.config.SyncConfiguration;
import java.util.EnumMap;
import java.util.Map;

/**
 * What is kept of flows and of expectations, ours and the peer's, with the codecs of the peer's release. They are all
 * there in every mode; one that is not used stays empty, and costs nothing but its index.
 *
 * @param internal the flows of our kernel
 * @param external the flows of the peer
 * @param ownExpectations the expectations of our kernel
 * @param peerExpectations the expectations of the peer
 * @param flowEncoder flows to the peer's octets
 * @param flowDecoder the peer's octets to flows
 * @param expectationDecoder the peer's octets to expectations
 */
record Caches(
        InternalCache internal,
        ExternalCache external,
        InternalExpectations ownExpectations,
        ExternalExpectations peerExpectations,
        FlowEncoder flowEncoder,
        FlowDecoder flowDecoder,
        ExpectationDecoder expectationDecoder) {

    /**
     * Empty ones.
     *
     * @param hashSeed what no attacker knows
     */
    static Caches empty(SyncConfiguration configuration, long hashSeed) {
        int limit = configuration.flowLimit();
        long commitSeconds = configuration.commitSeconds();
        WireOptions options = new WireOptions(configuration.tellsLifetimes(), configuration.tcpWindowTracking());
        FlowEncoder encoder = new FlowEncoder(configuration.emitProfile(), options);
        FlowDecoder decoder = new FlowDecoder(configuration.emitProfile());
        ExpectationDecoder expectationDecoder = new ExpectationDecoder();
        return new Caches(
                new InternalCache(
                        InternalCacheConfig.DEFAULT.withHashLimit(limit).withHashSeed(hashSeed), encoder),
                new ExternalCache(
                        ExternalCacheConfig.DEFAULT
                                .withHashLimit(limit)
                                .withCommitTimeoutSeconds((int) commitSeconds)
                                .withHashSeed(hashSeed),
                        decoder),
                new InternalExpectations(limit, new ExpectationEncoder(options)),
                new ExternalExpectations(limit, commitSeconds, expectationDecoder),
                encoder,
                decoder,
                expectationDecoder);
    }

    /** Messages of the peer whose attributes could not be read, by reason; only reasons that occurred. */
    Map<MalformedPayload, Long> refusedPayloads() {
        Map<MalformedPayload, Long> counts = new EnumMap<>(MalformedPayload.class);
        for (MalformedPayload reason : MalformedPayload.values()) {
            long refused = flowDecoder.refused(reason) + expectationDecoder.refused(reason);
            if (refused > 0) {
                counts.put(reason, refused);
            }
        }
        return counts;
    }
}
