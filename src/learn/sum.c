/* The arithmetic of scores, of integers alone [L-4]. */
#include "learn/inner.h"

#define STEPS 32 /* the table goes to 8 in quarters */

int64_t
hz_learn_share(size_t n)
{
	uint64_t v = (UINT64_C(1) << 30) / (n > 0 ? n : 1), r = 0;
	for (uint64_t bit = UINT64_C(1) << 15; bit > 0; bit >>= 1) {
		if ((r | bit) * (r | bit) <= v) {
			r |= bit;
		}
	}
	return (int64_t)r;
}

int64_t
hz_learn_sigmoid(int64_t z)
{
	/* 65536 / (1 + exp(-k / 4)), rounded, for k from 0 to 32 */
	static const int32_t table[STEPS + 1] = { 32768, 36843, 40793, 44511, 47911, 50941, 53581, 55834,
		57724, 59287, 60565, 61598, 62428, 63090, 63615, 64030, 64357, 64614, 64816, 64974, 65097,
		65194, 65269, 65328, 65374, 65410, 65438, 65459, 65476, 65489, 65500, 65508, 65514 };
	int64_t a = z < 0 ? -z : z;
	int64_t quarter = a >> 22, rest = a & ((INT64_C(1) << 22) - 1);
	int64_t s = table[STEPS];
	if (quarter < STEPS) {
		s = table[quarter] + (((table[quarter + 1] - table[quarter]) * rest) >> 22);
	}
	return z < 0 ? 65536 - s : s;
}

unsigned
hz_learn_score(int32_t bias, int64_t sum)
{
	/* sum: of 1,000 times 32,768; z: of 2^24 */
	int64_t z = ((int64_t)bias * 32768 + sum) * 512 / 1000;
	return (unsigned)((hz_learn_sigmoid(z) * 1000 + 32768) / 65536);
}
