// Vector square root: the standard library's SIMD method works lane by lane, this one is one
// instruction per register. Header only, imported as SIMD8<Double>.
#ifndef ATHANOR_LANES_H
#define ATHANOR_LANES_H

typedef double lanes_d8 __attribute__((ext_vector_type(8)));

static inline __attribute__((always_inline)) lanes_d8 lanes_square_root(lanes_d8 x) {
  return __builtin_elementwise_sqrt(x);
}

#endif
