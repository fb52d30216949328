#include "door/progress.h"

#include "base/enc.h"
#include <inttypes.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define SECOND   INT64_C(1000000000)
#define REDRAW   (SECOND / 10)
#define LINE_GAP (30 * SECOND)
#define BAR      24
#define COLS_MAX 200

static atomic_bool state_wanted;

static void
on_usr1(int sig)
{
	(void)sig;
	atomic_store(&state_wanted, true);
}

void
hz_progress_signals(void)
{
	/* SA_RESTART: asking for the state must not disturb what is being read or written. */
	struct sigaction sa = { .sa_handler = on_usr1, .sa_flags = SA_RESTART };

	(void)sigemptyset(&sa.sa_mask);
	(void)sigaction(SIGUSR1, &sa, NULL);
}

static bool
redraws(const struct hz_progress *p)
{
	return p->door->tty[STDERR_FILENO] && !p->door->dumb && !p->door->accessible;
}

void
hz_progress_begin(struct hz_progress *p, struct hz_door *door, const char *op, const char *action,
    uint64_t total, uint64_t bytes_total)
{
	int64_t now = hz_time_boot_ns();

	*p = (struct hz_progress){ .door = door,
		.op = op,
		.action = action,
		.total = total,
		.bytes_total = bytes_total,
		.start_ns = now,
		.last_ns = now,
		.open = true };
}

/* Part of the work in thousandths: by bytes where they are known. */
static unsigned
permille(const struct hz_progress *p)
{
	uint64_t all = p->bytes_total != 0 ? p->bytes_total : p->total;
	uint64_t done = p->bytes_total != 0 ? p->bytes_done : p->done;

	if (all == 0) {
		return 0;
	}
	return done >= all ? 1000 : (unsigned)((double)done * 1000.0 / (double)all);
}

/* Seconds that remain at the speed so far; 0 where nothing can be said yet. */
static uint64_t
remaining(const struct hz_progress *p, int64_t now_ns)
{
	unsigned part = permille(p);
	int64_t spent = (now_ns - p->start_ns) / SECOND;

	if (part < 5 || spent < 2) {
		return 0;
	}
	return (uint64_t)spent * (1000 - part) / part;
}

static enum hz_err
put_bar(struct hz_buf *out, unsigned part)
{
	unsigned full = part * BAR / 1000;
	enum hz_err err = hz_buf_putc(out, '[');

	for (unsigned i = 0; i < BAR && err == HZ_OK; i++) {
		err = hz_buf_putc(out, i < full ? '#' : '.');
	}
	return err == HZ_OK ? hz_buf_putc(out, ']') : err;
}

/* The numbers; each part only where it is known. */
static enum hz_err
put_numbers(const struct hz_progress *p, int64_t now_ns, struct hz_buf *out)
{
	struct hz_out *o = &p->door->err;
	int64_t spent = (now_ns - p->start_ns) / SECOND;
	uint64_t left = remaining(p, now_ns);
	enum hz_err err = HZ_OK;

	if (p->bytes_total != 0) {
		err = hz_buf_printf(
		    out, _("  %s of %s"), hz_show_size(o, p->bytes_done), hz_show_size(o, p->bytes_total));
	} else if (p->bytes_done != 0) {
		err = hz_buf_printf(out, "  %s", hz_show_size(o, p->bytes_done));
	}
	if (err == HZ_OK && p->total != 0) {
		err = hz_buf_printf(
		    out, _("  %s of %s"), hz_show_count(o, p->done), hz_show_count(o, p->total));
	} else if (err == HZ_OK && p->done != 0) {
		err = hz_buf_printf(out, "  %s", hz_show_count(o, p->done));
	}
	if (err == HZ_OK && p->bytes_done != 0 && spent > 0) {
		err = hz_buf_printf(out, _("  %s/s"), hz_show_size(o, p->bytes_done / (uint64_t)spent));
	}
	if (err == HZ_OK && left != 0) {
		err = hz_buf_printf(out, _("  about %s left"), hz_show_span(o, left));
	}
	return err;
}

HZ_RESULT
hz_progress_line(const struct hz_progress *p, int64_t now_ns, unsigned columns, struct hz_buf *out)
{
	unsigned part = permille(p);
	bool known = p->total != 0 || p->bytes_total != 0;
	enum hz_err err = HZ_OK;

	if (columns >= 70 && known) {
		err = put_bar(out, part);
	} else {
		err = hz_buf_puts(out, p->action);
	}
	if (err == HZ_OK && known) {
		err = hz_buf_printf(out, " %3u %%", part / 10);
	}
	if (err == HZ_OK) {
		err = put_numbers(p, now_ns, out);
	}
	/* A line longer than the window would scroll with every redraw. */
	while (err == HZ_OK && columns != 0 && out->len > 0 &&
	       hz_text_width((const char *)out->p, out->len) >= columns) {
		do {
			out->len--;
		} while (out->len > 0 && (out->p[out->len] & 0xc0) == 0x80);
	}
	return err;
}

static unsigned
window_columns(void)
{
	struct winsize size = { 0 };

	if (ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) {
		return 80;
	}
	return size.ws_col > COLS_MAX ? COLS_MAX : size.ws_col;
}

static void
draw(struct hz_progress *p, int64_t now, bool over)
{
	struct hz_out *o = &p->door->err;
	struct hz_buf line = HZ_BUF_INIT(HZ_OUT_MAX);
	const char *s = NULL;

	if (hz_progress_line(p, now, over ? window_columns() : 0, &line) == HZ_OK &&
	    hz_buf_cstr(&line, &s) == HZ_OK) {
		if (over) {
			/* lint: allow hz_out_printf (numbers and texts of ours) */
			hz_out_printf(o, "\r\x1b[K%s", s);
		} else {
			/* lint: allow hz_out_printf (numbers and texts of ours) */
			hz_out_printf(o, "%s: %s\n", _(p->door->program), s);
		}
		hz_out_flush(o);
		p->drawn = over;
		p->said = true;
	}
	hz_buf_done(&line);
}

static void
put_json(struct hz_progress *p, int64_t now)
{
	struct hz_jw *w = hz_line_begin(&p->door->out, "progress");
	uint64_t left = remaining(p, now);

	hz_jw_str(w, "op", p->op);
	hz_jw_int(w, "done", p->done);
	if (p->total != 0) {
		hz_jw_int(w, "total", p->total);
	}
	hz_jw_int(w, "bytes_done", p->bytes_done);
	if (p->bytes_total != 0) {
		hz_jw_int(w, "bytes_total", p->bytes_total);
	}
	if (left != 0) {
		hz_jw_int(w, "eta_s", left);
	}
	hz_line_end(&p->door->out);
	hz_out_flush(&p->door->out);
	p->said = true;
}

void
hz_progress_at(struct hz_progress *p, uint64_t done, uint64_t bytes_done)
{
	int64_t now = hz_time_boot_ns();

	p->done = done;
	p->bytes_done = bytes_done;
	if (!p->open) {
		return;
	}
	if (atomic_exchange(&state_wanted, false)) {
		hz_progress_hide(p);
		draw(p, now, false);
		p->last_ns = now;
		return;
	}
	if (p->door->quiet) {
		return;
	}
	int64_t gap = LINE_GAP;
	if (p->door->json) {
		gap = SECOND;
	} else if (redraws(p)) {
		gap = REDRAW;
	}
	if (now - p->last_ns < gap) {
		return;
	}
	p->last_ns = now;
	if (p->door->json) {
		put_json(p, now);
	} else {
		draw(p, now, redraws(p));
	}
}

void
hz_progress_hide(struct hz_progress *p)
{
	if (p->drawn) {
		hz_out_puts(&p->door->err, "\r\x1b[K");
		hz_out_flush(&p->door->err);
		p->drawn = false;
	}
}

void
hz_progress_end(struct hz_progress *p)
{
	hz_progress_hide(p);
	p->open = false;
}
