// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived;

import io.keepstate.examples.conf.BlockReader;
import io.keepstate.examples.conf.Directives;
import io.keepstate.examples.conf.Findings;
import io.keepstate.examples.conf.Token;
import io.keepstate.vrrp.codec.Authentication;
import io.keepstate.vrrp.codec.HmacAuthentication;
import io.keepstate.vrrp.codec.HmacKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Reads the {@code authentication} and {@code auth_hmac} blocks of an instance. A secret never gets into a finding. */
final class AuthenticationReader {
    private static final int PASSWORD_OCTETS = 8; // RFC 2338 5.3.9: the authentication data is 8 octets

    private final BlockReader in;
    private final Arguments arguments;
    private final Findings findings;

    private @Nullable Token block;
    private @Nullable Token password;
    private String type = "";
    private String secret = "";
    private @Nullable Token hmacBlock;
    private final List<HmacKey> keys = new ArrayList<>();
    private int activeKey;
    private HmacAuthentication.AntiReplay antiReplay = HmacAuthentication.AntiReplay.TIME;
    private OptionalInt timeWindow = OptionalInt.empty();
    private HmacAuthentication.Mode mode = HmacAuthentication.Mode.ENFORCE;

    AuthenticationReader(BlockReader in, Arguments arguments, Findings findings) {
        this.in = in;
        this.arguments = arguments;
        this.findings = findings;
    }

    Directives addTo(Directives table) {
        return table.on("authentication", this::authentication).on("auth_hmac", this::hmac);
    }

    /** Where {@code authentication} or {@code auth_hmac} stands, if one is given. */
    Optional<Token> at() {
        return Optional.ofNullable(block != null ? block : hmacBlock);
    }

    /** The {@code auth_pass} line, if one is given. */
    Optional<Token> password() {
        return Optional.ofNullable(password);
    }

    boolean isHeader() {
        return type.equals("AH");
    }

    boolean hasHmac() {
        return hmacBlock != null;
    }

    /** What version 2 uses. */
    Authentication authentication() {
        return switch (type) {
            case "PASS" -> Authentication.password(secret);
            case "AH" -> Authentication.header(secret);
            default -> Authentication.NONE;
        };
    }

    /** The trailer, empty without one or after reporting what is wrong with it. */
    Optional<HmacAuthentication> hmacAuthentication() {
        Token at = hmacBlock;
        if (at == null) {
            return Optional.empty();
        }
        if (keys.isEmpty()) {
            findings.error(at, "this block has no key: add `key 1 hex:DIGITS', the same on all nodes");
            return Optional.empty();
        }
        try {
            int active = activeKey == 0 ? keys.get(0).id() : activeKey;
            return Optional.of(new HmacAuthentication(keys, active, antiReplay, timeWindow, mode));
        } catch (IllegalArgumentException e) {
            findings.error(at, String.valueOf(e.getMessage()));
            return Optional.empty();
        }
    }

    private void authentication(Token at) {
        block = at;
        in.block(at, new Directives().on("auth_type", this::authType).on("auth_pass", this::authPass));
        if (type.isEmpty()) {
            findings.warn(at, "this block has no auth_type, nothing is authenticated: write `auth_type PASS'");
        } else if (secret.isEmpty()) {
            findings.error(
                    at, "auth_type " + type + " needs a password: add `auth_pass SECRET', the same on both nodes");
        }
    }

    private void authType(Token at) {
        Token value = arguments.one(at, "PASS");
        if (value == null) {
            return;
        }
        switch (value.text()) {
            case "PASS", "AH" -> type = value.text();
            default -> findings.error(at, "`" + value.text() + "' is no type of authentication: write PASS or AH");
        }
    }

    private void authPass(Token at) {
        password = at;
        List<Token> words = arguments.all(at);
        if (words.isEmpty()) {
            in.missing(at, "SECRET");
            return;
        }
        if (words.size() > 1) {
            findings.invalid(at, "the password ends at the first blank: put all of it into double quotes");
        }
        secret = words.get(0).text();
        if (secret.getBytes(StandardCharsets.UTF_8).length > PASSWORD_OCTETS) {
            findings.invalid(at, "only the first 8 octets of the password are used: shorten it to 8");
        }
    }

    private void hmac(Token at) {
        hmacBlock = at;
        in.block(
                at,
                new Directives()
                        .on("key", this::key)
                        .on("active_key", name -> arguments.integer(name, 1, 255, value -> activeKey = value))
                        .on(
                                "time_window",
                                name -> arguments.integer(name, 1, 300, value -> timeWindow = OptionalInt.of(value)))
                        .on("anti_replay", name -> choice(name, "time", "monotonic", ""))
                        .on("mode", name -> choice(name, "enforce", "permissive", "receive-only")));
    }

    private void choice(Token at, String first, String second, String third) {
        Token value = arguments.one(at, first);
        if (value == null) {
            return;
        }
        switch (value.text()) {
            case "time" -> antiReplay = HmacAuthentication.AntiReplay.TIME;
            case "monotonic" -> antiReplay = HmacAuthentication.AntiReplay.MONOTONIC;
            case "enforce" -> mode = HmacAuthentication.Mode.ENFORCE;
            case "permissive" -> mode = HmacAuthentication.Mode.PERMISSIVE;
            case "receive-only", "receive_only" -> mode = HmacAuthentication.Mode.RECEIVE_ONLY;
            default ->
                findings.error(
                        at,
                        "`" + value.text() + "' is no " + at.text() + ": write " + first
                                + (third.isEmpty() ? " or " + second : ", " + second + " or " + third));
        }
    }

    private void key(Token at) {
        List<Token> words = arguments.all(at);
        if (words.size() != 2) {
            findings.error(at, "write `key ID hex:DIGITS', `key ID file:/path' or `key ID TEXT'");
            return;
        }
        OptionalInt id = arguments.values().integer(at, words.get(0), 1, 255);
        Optional<String> material = material(at, words.get(1).text());
        if (id.isPresent() && material.isPresent()) {
            try {
                keys.add(HmacKey.parse(id.getAsInt(), material.get()));
            } catch (IllegalArgumentException e) {
                findings.error(at, String.valueOf(e.getMessage()));
            }
        }
    }

    private Optional<String> material(Token at, String text) {
        if (!text.startsWith("file:")) {
            return Optional.of(text);
        }
        Path file = Path.of(text.substring("file:".length()));
        try {
            return Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            findings.error(at, "the key file " + file + " cannot be read: check its name and permissions");
            return Optional.empty();
        }
    }
}
