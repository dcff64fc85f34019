package dev.igarape.jobs.landing.kafka.datum;

import java.time.LocalDate;

/**
 * Parser for ISO-8601 dates and timestamps in bytes that allocates no objects: {@code 2024-01-31}, {@code
 * 2024-01-31T10:15[:30[.123456789]]}, with {@code T} or a space, followed by {@code Z}, {@code +01}, {@code +0100} or
 * {@code +01:00}. Without an offset the time is local. Years have four digits. Not
 * thread-safe: the object holds the last result.
 */
final class IsoTime {
    private static final long MILLIS_PER_DAY = 86_400_000L;
    private static final int[] DAYS_BEFORE_MONTH = {0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334};

    private EventTimeKind kind = EventTimeKind.UNREADABLE;
    private long value;
    private int position;
    private int end;

    EventTimeKind kind() {
        return kind;
    }

    long value() {
        return value;
    }

    /** Parses the bytes from {@code from} to {@code until}; {@link #kind()} and {@link #value()} hold the result. */
    void parse(byte[] text, int from, int until) {
        position = from;
        end = until;
        kind = EventTimeKind.UNREADABLE;
        value = 0;
        int year = digits(text, 4);
        boolean dated = year >= 0 && skip(text, '-');
        int month = dated ? digits(text, 2) : -1;
        dated = dated && month >= 1 && month <= 12 && skip(text, '-');
        int day = dated ? digits(text, 2) : -1;
        if (!dated || day < 1 || day > daysIn(year, month)) {
            return;
        }
        long epochDay = epochDay(year, month, day);
        if (position == end) {
            kind = EventTimeKind.LOCAL_DAY;
            value = epochDay;
        } else if (skip(text, 'T') || skip(text, ' ') || skip(text, 't')) {
            parseTime(text, epochDay);
        }
    }

    private void parseTime(byte[] text, long epochDay) {
        int hour = digits(text, 2);
        int minute = hour >= 0 && hour < 24 && skip(text, ':') ? digits(text, 2) : -1;
        if (minute < 0 || minute > 59) {
            return;
        }
        int second = 0;
        int millis = 0;
        if (skip(text, ':')) {
            second = digits(text, 2);
            if (second < 0 || second > 59) {
                return;
            }
            if (skip(text, '.') || skip(text, ',')) {
                millis = fraction(text);
                if (millis < 0) {
                    return;
                }
            }
        }
        if (position == end) {
            kind = EventTimeKind.LOCAL_TIME;
            value = epochDay * MILLIS_PER_DAY + ((hour * 60L + minute) * 60 + second) * 1000 + millis;
            return;
        }
        int offsetMinutes = offset(text);
        if (offsetMinutes != Integer.MIN_VALUE && position == end) {
            kind = EventTimeKind.INSTANT;
            value = epochDay * MILLIS_PER_DAY + ((hour * 60L + minute - offsetMinutes) * 60 + second) * 1000 + millis;
        }
    }

    /** Up to nine fraction digits, truncated to milliseconds; -1 if there are none. */
    private int fraction(byte[] text) {
        int start = position;
        int millis = 0;
        while (position < end && text[position] >= '0' && text[position] <= '9') {
            if (position - start < 3) {
                millis = millis * 10 + (text[position] - '0');
            }
            position++;
        }
        int length = position - start;
        if (length == 0 || length > 9) {
            return -1;
        }
        for (int missing = length; missing < 3; missing++) {
            millis *= 10;
        }
        return millis;
    }

    /** Minutes east of UTC; Integer.MIN_VALUE if there is no valid offset. */
    private int offset(byte[] text) {
        if (skip(text, 'Z') || skip(text, 'z')) {
            return 0;
        }
        boolean west = position < end && text[position] == '-';
        if (!skip(text, '+') && !skip(text, '-')) {
            return Integer.MIN_VALUE;
        }
        int hours = digits(text, 2);
        int minutes = 0;
        if (position < end) {
            skip(text, ':');
            minutes = digits(text, 2);
        }
        if (hours < 0 || hours > 18 || minutes < 0 || minutes > 59 || (hours == 18 && minutes > 0)) {
            return Integer.MIN_VALUE;
        }
        int total = hours * 60 + minutes;
        return west ? -total : total;
    }

    private boolean skip(byte[] text, char wanted) {
        if (position < end && text[position] == wanted) {
            position++;
            return true;
        }
        return false;
    }

    private int digits(byte[] text, int count) {
        if (end - position < count) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < count; i++) {
            int digit = text[position + i] - '0';
            if (digit < 0 || digit > 9) {
                return -1;
            }
            number = number * 10 + digit;
        }
        position += count;
        return number;
    }

    private static boolean isLeapYear(int year) {
        return (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);
    }

    private static int daysIn(int year, int month) {
        if (month == 2) {
            return isLeapYear(year) ? 29 : 28;
        }
        return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
    }

    /** Same as {@link LocalDate#toEpochDay()}, for the years 0 to 9999. */
    private static long epochDay(int year, int month, int day) {
        long days = 365L * year + (year + 3) / 4 - (year + 99) / 100 + (year + 399) / 400;
        days += DAYS_BEFORE_MONTH[month - 1] + day - 1;
        if (month > 2 && isLeapYear(year)) {
            days++;
        }
        return days - 719_528L;
    }
}
