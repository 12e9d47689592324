// What the pages use of the vendored three.js, `/ui/vendor/three.js`. Its own types are not
// vendored with it: the pages check their own code, and hold what comes from the library as `any`.

export const THREE: any;
export const OrbitControls: any;
