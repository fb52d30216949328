#include "base/enc.h"

#include <stdio.h>
#include <time.h>

#define DAY       86400
#define TIME_LEN  20
#define TIME_MIN  (-62135596800) /* 0001-01-01T00:00:00Z */
#define TIME_MAX  253402300799   /* 9999-12-31T23:59:59Z */
#define ERA_YEARS 400
#define ERA_DAYS  146097 /* days in 400 years */
#define EPOCH_DAY 719468 /* days from 0000-03-01 to 1970-01-01 */

/* Proleptic Gregorian calendar in years that begin on the first of March, so that the leap day is the
 * last of its year; months of such a year are numbered from 0 (March). The sum of their lengths before
 * month m is (153 m + 2) / 5. */
static int64_t
days_of_date(int64_t year, int64_t month, int64_t day)
{
	if (month <= 2) {
		year -= 1;
		month += 12;
	}
	int64_t era = year / ERA_YEARS;
	int64_t y = year % ERA_YEARS;
	int64_t in_year = (153 * (month - 3) + 2) / 5 + day - 1;
	return era * ERA_DAYS + y * 365 + y / 4 - y / 100 + in_year - EPOCH_DAY;
}

void
hz_time_format(int64_t t, char ret_s[static 21])
{
	if (t < TIME_MIN) {
		t = TIME_MIN;
	} else if (t > TIME_MAX) {
		t = TIME_MAX;
	}
	/* Counted from 0000-03-01: never negative for the years 1 to 9999. */
	int64_t since = t + (int64_t)EPOCH_DAY * DAY;
	int64_t days = since / DAY;
	int64_t sec = since % DAY;
	int64_t era = days / ERA_DAYS;
	int64_t in_era = days % ERA_DAYS;
	int64_t y = (in_era - in_era / 1460 + in_era / 36524 - in_era / 146096) / 365;
	int64_t in_year = in_era - (y * 365 + y / 4 - y / 100);
	int64_t m = (5 * in_year + 2) / 153;
	int64_t day = in_year - (153 * m + 2) / 5 + 1;
	int64_t month = m < 10 ? m + 3 : m - 9;
	int64_t year = era * ERA_YEARS + y + (month <= 2 ? 1 : 0);
	char text[64];
	(void)snprintf(text, sizeof text, "%04u-%02u-%02uT%02u:%02u:%02uZ", (unsigned)year, (unsigned)month,
	    (unsigned)day, (unsigned)(sec / 3600), (unsigned)(sec / 60 % 60), (unsigned)(sec % 60));
	for (size_t i = 0; i <= TIME_LEN; i++) {
		ret_s[i] = text[i];
	}
}

static bool
digits(const char *s, size_t n, int64_t low, int64_t high, int64_t *ret_v)
{
	int64_t v = 0;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9') {
			return false;
		}
		v = v * 10 + (s[i] - '0');
	}
	*ret_v = v;
	return v >= low && v <= high;
}

enum hz_err
hz_time_parse(const char *s, size_t len, int64_t *ret_t)
{
	static const int month_days[] = { 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	int64_t year;
	int64_t month;
	int64_t day;
	int64_t hour;
	int64_t min;
	int64_t sec;
	if (len != TIME_LEN || s[4] != '-' || s[7] != '-' || s[10] != 'T' || s[13] != ':' || s[16] != ':' ||
	    s[19] != 'Z' || !digits(s, 4, 1, 9999, &year) || !digits(s + 5, 2, 1, 12, &month) ||
	    !digits(s + 8, 2, 1, month_days[month - 1], &day) || !digits(s + 11, 2, 0, 23, &hour) ||
	    !digits(s + 14, 2, 0, 59, &min) || !digits(s + 17, 2, 0, 59, &sec)) {
		return hz_fail(HZ_MSG_FORMAT, "time: not YYYY-MM-DDTHH:MM:SSZ");
	}
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
	if (month == 2 && day == 29 && !leap) {
		return hz_fail(HZ_MSG_FORMAT, "time: no such day");
	}
	*ret_t = days_of_date(year, month, day) * DAY + hour * 3600 + min * 60 + sec;
	return HZ_OK;
}

static int64_t
now_ns(clockid_t clock)
{
	struct timespec ts;
	int rc = clock_gettime(clock, &ts);
	hz_assert(rc == 0);
	return (int64_t)ts.tv_sec * 1000000000 + ts.tv_nsec;
}

int64_t
hz_time_now(void)
{
	return now_ns(CLOCK_REALTIME) / 1000000000;
}

int64_t
hz_time_now_ns(void)
{
	return now_ns(CLOCK_REALTIME);
}

int64_t
hz_time_boot_ns(void)
{
	return now_ns(CLOCK_BOOTTIME);
}
