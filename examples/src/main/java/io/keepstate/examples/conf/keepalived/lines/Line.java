// SPDX-License-Identifier: Apache-2.0
package io.keepstate.examples.conf.keepalived.lines;

/**
 * One line as the grammar sees it: comments are gone, the condition held, parameters are replaced.
 *
 * @param text the line, without blanks at its ends, not empty
 * @param file the file it came from
 * @param number the line of that file, from 1; several lines have the same one where a parameter of many lines was used
 */
public record Line(String text, String file, int number) {}
