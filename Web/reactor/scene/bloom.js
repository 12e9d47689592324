/**
 * What happens to the picture after it is drawn: light that spills over its edges (bloom), the short
 * disturbance of a glitch, and the mapping to the screen, on dark glass or as ink on paper.
 *
 * The bloom is a chain of ever smaller pictures: each step down averages, each step up adds, so that
 * a wide glow costs little more than a narrow one.
 */

const VERTEX = /* glsl */ `
  out vec2 vPlace;
  void main() {
    vPlace = position.xy * 0.5 + 0.5;
    gl_Position = vec4(position.xy, 0.0, 1.0);
  }
`;

const DOWN = /* glsl */ `
  precision mediump float;
  uniform sampler2D uSource;
  uniform vec2 uTexel;
  uniform float uIsFirst;
  in vec2 vPlace;
  out vec4 color;
  vec3 bright(vec2 at) {
    vec3 c = min(texture(uSource, at).rgb, vec3(12.0));
    float peak = max(c.r, max(c.g, c.b));
    // A soft knee: what is just above the threshold glows a little, so that nothing pops.
    float over = max(0.0, peak - 0.42);
    return c * mix(1.0, over * over / (over + 0.35) / max(peak, 1e-3), uIsFirst);
  }
  void main() {
    vec3 sum = bright(vPlace + uTexel * vec2(-0.5, -0.5)) + bright(vPlace + uTexel * vec2(0.5, -0.5))
             + bright(vPlace + uTexel * vec2(-0.5, 0.5)) + bright(vPlace + uTexel * vec2(0.5, 0.5));
    color = vec4(sum * 0.25, 1.0);
  }
`;

const UP = /* glsl */ `
  precision mediump float;
  uniform sampler2D uSource;
  uniform vec2 uTexel;
  in vec2 vPlace;
  out vec4 color;
  void main() {
    vec3 sum = texture(uSource, vPlace).rgb * 4.0;
    sum += (texture(uSource, vPlace + uTexel * vec2(1.0, 0.0)).rgb + texture(uSource, vPlace - uTexel * vec2(1.0, 0.0)).rgb
          + texture(uSource, vPlace + uTexel * vec2(0.0, 1.0)).rgb + texture(uSource, vPlace - uTexel * vec2(0.0, 1.0)).rgb) * 2.0;
    sum += texture(uSource, vPlace + uTexel).rgb + texture(uSource, vPlace - uTexel).rgb
         + texture(uSource, vPlace + uTexel * vec2(1.0, -1.0)).rgb + texture(uSource, vPlace + uTexel * vec2(-1.0, 1.0)).rgb;
    color = vec4(sum / 16.0, 1.0);
  }
`;

const FINISH = /* glsl */ `
  precision highp float;
  uniform sampler2D uScene, uBloom;
  uniform float uStrength, uGlitch, uTime, uPaper, uVignette;
  uniform vec3 uGround, uAlarm;
  in vec2 vPlace;
  out vec4 color;
  float chance(vec2 at) {
    uvec2 q = uvec2(ivec2(at)) * uvec2(0x7feb352du, 0x846ca68bu);
    uint bits = (q.x ^ q.y) * 0x7feb352du;
    bits = (bits ^ (bits >> 15)) * 0x846ca68bu;
    return float((bits ^ (bits >> 16)) & 0xffffu) / 65535.0;
  }
  vec3 light(vec2 at) {
    // Ink spreads less than light does, or the paper would be a single stain.
    return texture(uScene, at).rgb + texture(uBloom, at).rgb * uStrength * mix(1.0, 0.3, uPaper);
  }
  void main() {
    vec2 at = vPlace;
    vec3 lit;
    if (uGlitch > 0.001) {
      float beat = floor(uTime * 12.0);
      float band = floor(at.y * 26.0);
      float torn = step(1.0 - 0.45 * uGlitch, chance(vec2(band + 3.0, beat + 11.0)));
      at.x += torn * (chance(vec2(band + 71.0, beat)) - 0.5) * 0.12 * uGlitch;
      float split = (0.004 + 0.012 * torn) * uGlitch;
      lit = vec3(light(at + vec2(split, 0.0)).r, light(at).g, light(at - vec2(split, 0.0)).b);
    } else {
      lit = light(at);
    }
    float peak = max(lit.r, max(lit.g, lit.b));
    vec2 middle = vPlace - 0.5;
    float edge = smoothstep(0.25, 0.95, length(middle) * 1.35);
    // Brightness is bent toward 1 by its peak, so that a color stays the color it is, and only what
    // is far too bright turns white.
    float bent = 1.0 - exp(-1.35 * peak);
    vec3 hue = lit / max(peak, 1e-4);
    vec3 glass = mix(hue, vec3(1.0), smoothstep(1.2, 4.5, peak) * 0.7) * bent;
    vec3 dark = uGround * (1.0 - 0.35 * edge) + glass + uAlarm * edge * edge * uVignette;
    float cover = 1.0 - exp(-1.9 * peak);
    vec3 pigment = mix(hue * hue * 0.8, uGround, smoothstep(2.2, 6.0, peak) * 0.6);
    vec3 paper = mix(uGround, pigment, cover);
    paper = mix(paper, uAlarm, edge * edge * uVignette * 0.5);
    vec3 shown = mix(dark, paper, uPaper);
    // One step of brightness of noise hides the bands of a slow gradient.
    shown += (chance(gl_FragCoord.xy) - 0.5) / 255.0;
    color = vec4(shown, 1.0);
  }
`;

const STEPS = 5;

/**
 * @param {any} THREE
 * @param {any} renderer
 */
export function buildBloom(THREE, renderer) {
  const options = {
    type: THREE.HalfFloatType, minFilter: THREE.LinearFilter, magFilter: THREE.LinearFilter,
    depthBuffer: false,
  };
  const picture = new THREE.WebGLRenderTarget(4, 4, { ...options, depthBuffer: true });
  const chain = Array.from({ length: STEPS }, () => new THREE.WebGLRenderTarget(4, 4, options));
  const camera = new THREE.OrthographicCamera(-1, 1, 1, -1, 0, 1);
  const triangle = new THREE.BufferGeometry();
  triangle.setAttribute(
    "position", new THREE.Float32BufferAttribute([-1, -1, 0, 3, -1, 0, -1, 3, 0], 3)
  );
  const sheet = new THREE.Mesh(triangle);
  sheet.frustumCulled = false;
  const stage = new THREE.Scene();
  stage.add(sheet);

  /**
   * @param {string} fragmentShader
   * @param {Record<string, {value: any}>} uniforms
   * @param {object} [more]
   */
  const pass = (fragmentShader, uniforms, more = {}) =>
    new THREE.ShaderMaterial({
      glslVersion: THREE.GLSL3, vertexShader: VERTEX, fragmentShader, uniforms, depthTest: false,
      depthWrite: false, ...more,
    });
  const down = pass(
    DOWN,
    { uSource: { value: null }, uTexel: { value: new THREE.Vector2() }, uIsFirst: { value: 0 } }
  );
  const up = pass(UP, { uSource: { value: null }, uTexel: { value: new THREE.Vector2() } }, {
    transparent: true, blending: THREE.CustomBlending, blendSrc: THREE.OneFactor, blendDst: THREE.OneFactor,
  });
  const finish = pass(FINISH, {
    uScene: { value: picture.texture }, uBloom: { value: chain[0].texture }, uStrength: { value: 0.8 },
    uGlitch: { value: 0 }, uTime: { value: 0 }, uPaper: { value: 0 }, uVignette: { value: 0 },
    uGround: { value: new THREE.Color() }, uAlarm: { value: new THREE.Color() },
  });
  let steps = STEPS;

  /** @param {any} material @param {any} target */
  function draw(material, target) {
    sheet.material = material;
    renderer.setRenderTarget(target);
    renderer.render(stage, camera);
  }

  return {
    uniforms: finish.uniforms,
    /** @param {number} width @param {number} height in pixels of the screen */
    resize(width, height) {
      picture.setSize(width, height);
      let [w, h] = [width, height];
      for (const target of chain) {
        w = Math.max(2, Math.round(w / 2));
        h = Math.max(2, Math.round(h / 2));
        target.setSize(w, h);
      }
    },
    /** @param {number} samples for each pixel of the picture, 0 for hard edges */
    smooth(samples) {
      if (picture.samples === samples) return;
      picture.samples = samples;
      picture.dispose();
    },
    /** @param {number} count how many steps down, fewer where the machine is slow */
    depth(count) {
      steps = Math.max(2, Math.min(STEPS, count));
    },
    /** @param {any} scene @param {any} eye */
    render(scene, eye) {
      renderer.autoClear = true;
      renderer.setRenderTarget(picture);
      renderer.render(scene, eye);
      renderer.autoClear = false;
      let source = picture;
      for (let i = 0; i < steps; i += 1) {
        down.uniforms.uSource.value = source.texture;
        down.uniforms.uTexel.value.set(1 / source.width, 1 / source.height);
        // Only the first step looks for what is bright; the others pass on what it found.
        down.uniforms.uIsFirst.value = i === 0 ? 1 : 0;
        draw(down, chain[i]);
        source = chain[i];
      }
      for (let i = steps - 1; i > 0; i -= 1) {
        up.uniforms.uSource.value = chain[i].texture;
        up.uniforms.uTexel.value.set(1 / chain[i].width, 1 / chain[i].height);
        draw(up, chain[i - 1]);
      }
      draw(finish, null);
    },
  };
}
