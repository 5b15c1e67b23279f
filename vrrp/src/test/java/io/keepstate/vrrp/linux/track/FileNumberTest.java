// SPDX-License-Identifier: Apache-2.0
package io.keepstate.vrrp.linux.track;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class FileNumberTest {

    @Test
    void a_number_may_have_a_sign_and_white_space_around_it() {
        assertThat(FileNumber.parse("0")).hasValue(0);
        assertThat(FileNumber.parse(" 12\n")).hasValue(12);
        assertThat(FileNumber.parse("-60 because of the fan\n")).hasValue(-60);
        assertThat(FileNumber.parse("+7\t8")).hasValue(7);
    }

    @Test
    void what_is_longer_than_any_priority_is_cut() {
        assertThat(FileNumber.parse("999999999999999999999999")).hasValue(FileNumber.LIMIT);
        assertThat(FileNumber.parse("-999999999999999999999999")).hasValue(-FileNumber.LIMIT);
    }

    @Test
    void anything_else_is_no_number() {
        for (String text : List.of("", " \n", "x", "-", "+ 3", "0x10", "12a", "1.5")) {
            assertThat(FileNumber.parse(text)).as(text).isEqualTo(OptionalInt.empty());
        }
    }

    @Test
    void the_primary_group_of_a_user_is_the_fourth_field() {
        List<String> lines = List.of("root:x:0:0:root:/root:/bin/bash", "keeper:x:998:997::/:/sbin/nologin");
        assertThat(PrimaryGroup.find(lines, "keeper")).hasValue("997");
        assertThat(PrimaryGroup.find(lines, "nobody")).isEmpty();
    }
}
