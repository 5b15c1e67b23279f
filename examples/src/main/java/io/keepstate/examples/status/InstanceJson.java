// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.status;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.keepstate.vrrp.AnnouncementPolicy;
import io.keepstate.vrrp.ElectionRules;
import io.keepstate.vrrp.State;
import io.keepstate.vrrp.Track;
import io.keepstate.vrrp.Tracked;
import io.keepstate.vrrp.TrackedProcess;
import io.keepstate.vrrp.VirtualMac;
import io.keepstate.vrrp.VirtualRouterConfig;
import io.keepstate.vrrp.codec.KeepalivedStatistic;
import io.keepstate.vrrp.codec.Version;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * {@code keepalived.json}: keepalived's keys in its order and nesting. Version 1 is an array of instances, version 2
 * ({@code json_version 2}) an object that holds it as {@code vrrp}. Pure.
 */
public final class InstanceJson {
    private static final int MILLI_DIGITS = 3;
    private static final int CENTI_DIGITS = 2;

    private static final Set<KeepalivedStatistic> PER_INSTANCE =
            EnumSet.range(KeepalivedStatistic.PACKET_LEN_ERR, KeepalivedStatistic.AUTH_FAILURE);
    /** keepalived 2.4: for those that have what they count, so that all others are as with 2.2.7. */
    private static final Set<KeepalivedStatistic> OF_HMAC =
            EnumSet.range(KeepalivedStatistic.AUTH_EXT_MISSING, KeepalivedStatistic.AUTH_EXT_REPLAY);

    private InstanceJson() {}

    /** The file's text in version 1. */
    public static String of(List<InstanceStatus> instances) {
        return of(instances, List.of(), 1);
    }

    /** The file's text. Only version 2 has the processes, and without what is counted of them at the moment. */
    public static String of(List<InstanceStatus> instances, List<ProcessStatus> processes, int version) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            if (version == 2) {
                json.writeStartObject();
                json.writeFieldName("vrrp");
            }
            json.writeStartArray();
            for (InstanceStatus instance : instances) {
                json.writeStartObject();
                data(json, instance);
                boolean hmac = instance.router().config().hmac().isPresent();
                statistics(json, instance.statistics(), hmac);
                json.writeEndObject();
            }
            json.writeEndArray();
            if (version == 2) {
                processes(json, processes);
                json.writeEndObject();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("a string takes everything", e);
        }
        return text.append('\n').toString();
    }

    private static void data(JsonGenerator json, InstanceStatus instance) throws IOException {
        VirtualRouterConfig config = instance.router().config();
        json.writeObjectFieldStart("data");
        json.writeStringField("iname", config.name());
        json.writeNumberField("dont_track_primary", number(!config.trackPrimary()));
        json.writeNumberField("skip_check_adv_addr", number(config.election().skipAddressListCheck()));
        json.writeNumberField("strict_mode", number(instance.strict()));
        String vmac = config.virtualMac().map(VirtualMac::interfaceName).orElse("");
        json.writeStringField("vmac_ifname", vmac);
        json.writeStringField("ifp_ifname", vmac.isEmpty() ? config.interfaceName() : vmac);
        // Of another one: an installed keepalived that is master itself shows 0.
        boolean backup = instance.router().state() == State.BACKUP;
        json.writeNumberField("master_priority", backup ? instance.router().activePriority() : 0);
        json.writeNumberField(
                "last_transition",
                BigDecimal.valueOf(instance.router().changedMillis(), MILLI_DIGITS)
                        .setScale(2 * MILLI_DIGITS));
        announcements(json, config.announcements());
        election(json, instance);
        scripts(json, instance.scripts());
        holdings(json, instance);
        tracks(json, config.tracks(), instance.scripts().tracked());
        json.writeNumberField("auth_type", config.authentication().type());
        String password = Passwords.text(config.authentication());
        if (!password.isEmpty()) {
            json.writeStringField("auth_data", password);
        }
        json.writeEndObject();
    }

    private static void announcements(JsonGenerator json, AnnouncementPolicy policy) throws IOException {
        json.writeNumberField("garp_delay", seconds(policy.delay()));
        json.writeNumberField("garp_refresh", policy.refresh().toSeconds());
        json.writeNumberField("garp_rep", policy.repeat());
        json.writeNumberField("garp_refresh_rep", policy.refreshRepeat());
        json.writeNumberField(
                "garp_lower_prio_delay", policy.lowerPriorityDelay().toSeconds());
        json.writeNumberField("garp_lower_prio_rep", policy.lowerPriorityRepeat());
    }

    private static void election(JsonGenerator json, InstanceStatus instance) throws IOException {
        VirtualRouterConfig config = instance.router().config();
        ElectionRules rules = config.election();
        State state = instance.router().state();
        json.writeNumberField("lower_prio_no_advert", number(rules.lowerPriorityNoAdvert()));
        json.writeNumberField("higher_prio_send_advert", number(rules.higherPrioritySendsAdvert()));
        json.writeNumberField("vrid", config.virtualRouterId());
        json.writeNumberField("base_priority", config.priority());
        json.writeNumberField("effective_priority", instance.router().priority());
        json.writeBooleanField("vipset", state == State.ACTIVE);
        json.writeBooleanField("promote_secondaries", config.holdings().promoteSecondaries());
        json.writeNumberField("adver_int", centis(config.intervalCentis()));
        json.writeNumberField("master_adver_int", centis(instance.router().activeIntervalCentis()));
        json.writeNumberField("accept", number(config.accept()));
        json.writeBooleanField("nopreempt", !rules.preempt());
        json.writeNumberField("preempt_delay", rules.preemptDelay().toSeconds());
        json.writeNumberField("state", StateNames.number(state));
        json.writeNumberField("wantstate", StateNames.number(state));
        json.writeNumberField("version", config.version() == Version.V3 ? 3 : 2);
        json.writeBooleanField("smtp_alert", false);
        json.writeBooleanField("notify_deleted", instance.scripts().notifyDeleted());
    }

    private static void scripts(JsonGenerator json, InstanceScripts scripts) throws IOException {
        for (String key : InstanceScripts.KEYS) {
            String command = scripts.byKey().get(key);
            if (command != null) {
                json.writeStringField(key, command);
            }
        }
    }

    private static void holdings(JsonGenerator json, InstanceStatus instance) throws IOException {
        VirtualRouterConfig config = instance.router().config();
        boolean held = instance.router().state() == State.ACTIVE;
        array(json, "vips", HoldingText.addresses(config, config.addresses(), held));
        array(json, "evips", HoldingText.addresses(config, config.excludedAddresses(), held));
        array(json, "vroutes", config.routes().stream().map(HoldingText::route).toList());
        array(json, "vrules", config.rules().stream().map(HoldingText::rule).toList());
    }

    /** keepalived shows of a script what it runs. */
    private static void tracks(JsonGenerator json, List<Track> tracks, Map<String, String> commands)
            throws IOException {
        array(json, "track_ifp", names(tracks, Tracked.Kind.INTERFACE));
        array(
                json,
                "track_script",
                names(tracks, Tracked.Kind.SCRIPT).stream()
                        .map(name -> commands.getOrDefault(name, name))
                        .toList());
        array(json, "track_process", names(tracks, Tracked.Kind.PROCESS));
    }

    private static List<String> names(List<Track> tracks, Tracked.Kind kind) {
        return tracks.stream()
                .map(Track::what)
                .filter(what -> what.kind() == kind)
                .map(Tracked::name)
                .toList();
    }

    private static void statistics(JsonGenerator json, InstanceStatistics of, boolean hmac) throws IOException {
        json.writeObjectFieldStart("stats");
        json.writeNumberField("advert_rcvd", of.advertsReceived());
        json.writeNumberField("advert_sent", of.advertsSent());
        json.writeNumberField("become_master", of.becameMaster());
        json.writeNumberField("release_master", of.releasedMaster());
        for (KeepalivedStatistic statistic : PER_INSTANCE) {
            json.writeNumberField(statistic.key(), of.rejected(statistic));
        }
        if (hmac) {
            for (KeepalivedStatistic statistic : OF_HMAC) {
                json.writeNumberField(statistic.key(), of.rejected(statistic));
            }
        }
        json.writeNumberField("pri_zero_rcvd", of.priorityZeroReceived());
        json.writeNumberField("pri_zero_sent", of.priorityZeroSent());
        json.writeEndObject();
    }

    private static void processes(JsonGenerator json, List<ProcessStatus> processes) throws IOException {
        if (processes.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart("track_process");
        for (ProcessStatus each : processes) {
            TrackedProcess process = each.process();
            json.writeStartObject();
            json.writeStringField("process", process.name());
            if (!process.parameters().isEmpty()) {
                json.writeStringField("parameters", String.join(" ", process.parameters()));
            }
            String match = process.match().name().toLowerCase(Locale.ROOT);
            json.writeStringField("param_match", process.parameters().isEmpty() ? "none" : match);
            json.writeNumberField("min_processes", process.quorum());
            if (process.quorumMax().isPresent()) {
                json.writeNumberField("max_processes", process.quorumMax().getAsInt());
            }
            json.writeNumberField("weight", each.weight());
            json.writeNumberField("terminate_delay", seconds(process.terminateDelay()));
            json.writeNumberField("fork_delay", seconds(process.forkDelay()));
            json.writeBooleanField("full_command", process.fullCommand());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    /** keepalived leaves an empty list out. */
    private static void array(JsonGenerator json, String name, List<String> values) throws IOException {
        if (values.isEmpty()) {
            return;
        }
        json.writeArrayFieldStart(name);
        for (String value : values) {
            json.writeString(value);
        }
        json.writeEndArray();
    }

    private static int number(boolean flag) {
        return flag ? 1 : 0;
    }

    private static BigDecimal centis(long centiseconds) {
        return plain(BigDecimal.valueOf(centiseconds, CENTI_DIGITS));
    }

    private static BigDecimal seconds(Duration duration) {
        return plain(BigDecimal.valueOf(duration.toMillis(), MILLI_DIGITS));
    }

    /** 1 and not 1.00, 0.1 and not 0.10; 10 and not 1E+1. */
    private static BigDecimal plain(BigDecimal number) {
        BigDecimal stripped = number.stripTrailingZeros();
        return stripped.scale() < 0 ? stripped.setScale(0) : stripped;
    }
}
