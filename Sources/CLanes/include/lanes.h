// What the standard library's vectors do lane by lane and a processor does at once: square roots,
// fused products, conversions and wide products. Header only; imported as SIMD8<Double>,
// SIMD8<Float>, SIMD8<UInt32> and SIMD8<Int32>.
#ifndef ATHANOR_LANES_H
#define ATHANOR_LANES_H

#include <stdint.h>

typedef double lanes_d8 __attribute__((ext_vector_type(8)));
typedef float lanes_f8 __attribute__((ext_vector_type(8)));
typedef uint32_t lanes_u8 __attribute__((ext_vector_type(8)));
typedef int32_t lanes_i8 __attribute__((ext_vector_type(8)));
typedef uint64_t lanes_w4 __attribute__((ext_vector_type(4)));

#define LANES_INLINE static inline __attribute__((always_inline))

LANES_INLINE lanes_d8 lanes_square_root(lanes_d8 x) {
  return __builtin_elementwise_sqrt(x);
}

LANES_INLINE lanes_f8 lanes_float_square_root(lanes_f8 x) {
  return __builtin_elementwise_sqrt(x);
}

// a * b + c, rounded once.
LANES_INLINE lanes_f8 lanes_fused(lanes_f8 a, lanes_f8 b, lanes_f8 c) {
  return __builtin_elementwise_fma(a, b, c);
}

LANES_INLINE lanes_f8 lanes_float(lanes_i8 x) {
  return __builtin_convertvector(x, lanes_f8);
}

// The upper halves of 64-bit products. The even and the odd words are multiplied apart, because the
// processor multiplies words in every second place.
LANES_INLINE lanes_u8 lanes_high_product(lanes_u8 x, uint32_t factor) {
  lanes_w4 pairs = (lanes_w4)x;
  lanes_u8 even = (lanes_u8)((pairs & 0xffffffffu) * (uint64_t)factor);
  lanes_u8 odd = (lanes_u8)((pairs >> 32) * (uint64_t)factor);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  return __builtin_shufflevector(even, odd, 1, 9, 3, 11, 5, 13, 7, 15);
#else
#error "the order of words in a register is not known here"
#endif
}

// -1 where a < b, 0 elsewhere and where one of them is missing.
LANES_INLINE lanes_i8 lanes_less(lanes_f8 a, lanes_f8 b) { return a < b; }

// -1 where a <= b.
LANES_INLINE lanes_i8 lanes_at_most(lanes_f8 a, lanes_f8 b) { return a <= b; }

// -1 where a >= b, for words.
LANES_INLINE lanes_i8 lanes_at_least(lanes_u8 a, lanes_u8 b) { return a >= b; }

// a where the mask's sign is set, b elsewhere.
LANES_INLINE lanes_f8 lanes_choose(lanes_i8 mask, lanes_f8 a, lanes_f8 b) {
  return mask < 0 ? a : b;
}

// The larger and the smaller of each pair; b where one of them is missing.
LANES_INLINE lanes_f8 lanes_larger(lanes_f8 a, lanes_f8 b) { return a > b ? a : b; }
LANES_INLINE lanes_f8 lanes_smaller(lanes_f8 a, lanes_f8 b) { return a < b ? a : b; }

// One bit for each lane, the first lane lowest: whether the lane's sign is set.
typedef _Bool lanes_b8 __attribute__((ext_vector_type(8)));
LANES_INLINE uint8_t lanes_bits(lanes_i8 mask) {
  lanes_b8 flags = __builtin_convertvector(mask < 0, lanes_b8);
  uint8_t bits;
  __builtin_memcpy(&bits, &flags, 1);
  return bits;
}

// Whether a bit is set in any lane.
LANES_INLINE int lanes_any(lanes_i8 x) {
  return __builtin_reduce_or(x) != 0;
}

#endif
