/* Rows: encrypted values under table keys, and the keyed index. */
#include "vault/internal.h"

#include <stdlib.h>
#include <string.h>

#define LABEL     "hirz-row/v1"
#define LABEL_LEN 11
#define AD_MAX    (LABEL_LEN + 16 + 1 + 4 + 4 + HZ_STORE_KEY_MAX)
#define ROW_HEAD  (4 + HZ_BOX_NONCE)
#define ROW_OVER  (ROW_HEAD + HZ_BOX_TAG)

const uint8_t *
hz_vault_key(const struct hz_vault *v, uint8_t type, uint32_t compartment, uint32_t epoch)
{
	if (!v->sec) {
		return NULL;
	}
	for (size_t i = v->sec->n; i-- > 0;) {
		const struct hz_key_name *n = &v->sec->keys[i].name;
		if (n->type == type && n->compartment == compartment && n->epoch == epoch) {
			return v->sec->keys[i].key;
		}
	}
	return NULL;
}

uint32_t
hz_vault_newest_epoch(const struct hz_vault *v, uint8_t type, uint32_t compartment)
{
	uint32_t best = 0;
	for (size_t i = 0; v->sec && i < v->sec->n; i++) {
		const struct hz_key_name *n = &v->sec->keys[i].name;
		if (n->type == type && n->compartment == compartment && n->epoch > best) {
			best = n->epoch;
		}
	}
	return best;
}

/* Events, tiles and checkpoints are under the log key, which auditors hold; all else under the table key. */
static uint8_t
key_type(unsigned table)
{
	return table == HZ_T_EVENTS || table == HZ_T_TILES || table == HZ_T_CHECKPOINTS ? HZ_KEY_LOG
											: HZ_KEY_TABLE;
}

/* Associated data [F-11.3]: a value moved to another key, table, vault or epoch does not open. */
static size_t
row_ad(const struct hz_vault *v, unsigned table, uint32_t epoch, const void *k, size_t kn,
    uint8_t ad[static AD_MAX])
{
	size_t n = 0;
#ifndef HZ_FAULT_NO_ROW_AD
	memcpy(ad, LABEL, LABEL_LEN); /* NOLINT(bugprone-not-null-terminated-result): bytes, no string */
	memcpy(ad + LABEL_LEN, v->info.vault_id, 16);
	n = LABEL_LEN + 16;
	ad[n++] = (uint8_t)table;
	hz_be32(ad + n, epoch);
	hz_be32(ad + n + 4, (uint32_t)kn);
	n += 8;
	memcpy(ad + n, k, kn);
	n += kn;
#else
	(void)v;
	(void)table;
	(void)epoch;
	(void)k;
	(void)kn;
	(void)ad;
#endif
	return n;
}

HZ_RESULT
hz_row_set(struct hz_vault *v, struct hz_txn *t, unsigned table, const void *k, size_t kn,
    const struct hz_buf *content, bool append)
{
	uint8_t type = key_type(table), ad[AD_MAX];
	uint32_t epoch = hz_vault_newest_epoch(v, type, 0);
	const uint8_t *key = hz_vault_key(v, type, 0, epoch);
	if (!key || kn > HZ_STORE_KEY_MAX) {
		return hz_fail(HZ_MSG_NO_KEY, "no key for table %u", table);
	}
	size_t whole = (ROW_OVER + content->len + 1 + HZ_ROW_UNIT - 1) / HZ_ROW_UNIT * HZ_ROW_UNIT;
	size_t padded = whole - ROW_OVER;
	uint8_t small[2048], *row = small;
	if (whole > sizeof(small)) {
		row = malloc(whole);
		if (!row) {
			return hz_fail(HZ_MSG_NOMEM, "a row of %zu bytes", whole);
		}
	}
	hz_be32(row, epoch);
	hz_random_nonce(row + 4, HZ_BOX_NONCE);
	if (content->len) {
		memcpy(row + ROW_HEAD, content->p, content->len);
	}
	row[ROW_HEAD + content->len] = 0x80;
	memset(row + ROW_HEAD + content->len + 1, 0, padded - content->len - 1);
	size_t adn = row_ad(v, table, epoch, k, kn, ad);
	hz_box_seal(key, row + 4, ad, adn, row + ROW_HEAD, padded, row + ROW_HEAD);
	enum hz_err r = append ? hz_append(t, table, k, kn, row, whole) : hz_set(t, table, k, kn, row, whole);
	if (row != small) {
		free(row);
	}
	return r;
}

HZ_RESULT
hz_row_open(struct hz_vault *v, unsigned table, const void *k, size_t kn, const uint8_t *row, size_t n,
    struct hz_buf *out)
{
	uint8_t ad[AD_MAX], *p = NULL;
	if (n < HZ_ROW_UNIT || n % HZ_ROW_UNIT != 0 || kn > HZ_STORE_KEY_MAX) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "a row of table %u has %zu bytes", table, n);
	}
	uint32_t epoch = hz_rd_be32(row);
	const uint8_t *key = hz_vault_key(v, key_type(table), 0, epoch);
	if (!key) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "a row of table %u names key epoch %u", table, epoch);
	}
	size_t adn = row_ad(v, table, epoch, k, kn, ad), start = out->len, len = n - ROW_OVER;
	HZ_TRY(hz_buf_room(out, len, &p));
	if (hz_box_open(key, row + 4, ad, adn, row + ROW_HEAD, n - ROW_HEAD, p) != HZ_OK) {
		out->len = start;
		return hz_fail(HZ_MSG_VAULT_TAMPERED,
		    "a row of table %u does not open: changed, moved or from elsewhere", table);
	}
	while (len > 0 && p[len - 1] == 0) {
		len--;
	}
	if (len == 0 || p[len - 1] != 0x80) {
		out->len = start;
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "a row of table %u has no end mark", table);
	}
	out->len = start + len - 1;
	return HZ_OK;
}

HZ_RESULT
hz_row_get(struct hz_vault *v, struct hz_txn *t, unsigned table, const void *k, size_t kn, struct hz_buf *out)
{
	const uint8_t *row = NULL;
	size_t n = 0;
	HZ_TRY(hz_get(t, table, k, kn, &row, &n));
	return hz_row_open(v, table, k, kn, row, n, out);
}

void
hz_index_key(
    struct hz_vault *v, uint32_t compartment, uint8_t type, const void *a, size_t an, uint8_t ret[static 32])
{
	static const char label[] = "hirz-index/v1";
	uint8_t head[sizeof(label)];
	const uint8_t *key = hz_vault_key(v, HZ_KEY_INDEX, compartment, 0);
	hz_assert(key);
	memcpy(head, label, sizeof(label) - 1);
	head[sizeof(label) - 1] = type;
	hz_hmac_sha256_2(key, 32, head, sizeof(head), a, an, ret);
}

/* Rows of the index have one size and so need no padding [F-11.3]. */
HZ_RESULT
hz_index_set(struct hz_vault *v, struct hz_txn *t, const uint8_t key[static 32], uint64_t value)
{
	uint8_t ad[AD_MAX], row[HZ_INDEX_ROW];
	const uint8_t *tk = hz_vault_key(v, HZ_KEY_TABLE, 0, 1);
	hz_assert(tk);
	hz_be32(row, 1);
	hz_random_nonce(row + 4, HZ_BOX_NONCE);
	hz_be64(row + ROW_HEAD, value);
	size_t adn = row_ad(v, HZ_T_INDEX, 1, key, 32, ad);
	hz_box_seal(tk, row + 4, ad, adn, row + ROW_HEAD, 8, row + ROW_HEAD);
	return hz_set(t, HZ_T_INDEX, key, 32, row, sizeof(row));
}

HZ_RESULT
hz_index_get(struct hz_vault *v, struct hz_txn *t, const uint8_t key[static 32], uint64_t *ret_value)
{
	uint8_t ad[AD_MAX], plain[8];
	const uint8_t *row = NULL;
	size_t n = 0;
	enum hz_err r = hz_get(t, HZ_T_INDEX, key, 32, &row, &n);
	if (r == HZ_ERR_NOT_FOUND) {
		*ret_value = 0;
		return HZ_OK;
	}
	HZ_TRY(r);
	const uint8_t *tk = n == HZ_INDEX_ROW ? hz_vault_key(v, HZ_KEY_TABLE, 0, hz_rd_be32(row)) : NULL;
	if (!tk) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "an index row has %zu bytes or an unknown key", n);
	}
	size_t adn = row_ad(v, HZ_T_INDEX, 1, key, 32, ad);
	if (hz_box_open(tk, row + 4, ad, adn, row + ROW_HEAD, 24, plain) != HZ_OK) {
		return hz_fail(HZ_MSG_VAULT_TAMPERED, "an index row does not open");
	}
	*ret_value = hz_rd_be64(plain);
	return HZ_OK;
}
