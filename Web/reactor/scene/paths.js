/**
 * The field lines that tokens follow, one formula for the lines and for what flows along them.
 *
 * A line starts at a nozzle of a crown, is drawn outward by the field, and spirals into the core:
 * from the upper crown for the tokens of prompts, from the lower one for those of completions, so
 * that the place tells them apart as well as the color.
 */

/** Radius of the core, in scene units. */
export const CORE_RADIUS = 0.92;
/** Radius and height of the crown where prompts enter. */
export const UPPER_CROWN = { radius: 1.28, height: 2.02, nozzles: 12 };
/** Radius and height of the crown where completions enter. */
export const LOWER_CROWN = { radius: 1.02, height: -1.78, nozzles: 8 };

/**
 * `fieldPoint(along, angle, isPrompt, stray)`: the point at a share 0-1 of a line, `stray` being how
 * far beside the line in -1...1.
 */
export const PATH_GLSL = /* glsl */ `
  vec3 fieldPoint(float along, float angle, float isPrompt, vec2 stray) {
    vec2 from = mix(vec2(${LOWER_CROWN.radius}, ${LOWER_CROWN.height}),
                    vec2(${UPPER_CROWN.radius}, ${UPPER_CROWN.height}), isPrompt);
    vec2 out1 = mix(vec2(1.75, -1.35), vec2(2.15, 1.55), isPrompt);
    vec2 out2 = mix(vec2(1.55, -0.25), vec2(1.85, 0.25), isPrompt);
    vec2 end = mix(vec2(0.62, -0.5), vec2(0.66, 0.46), isPrompt);
    float a = along, b = 1.0 - along;
    vec2 meridian = b * b * b * from + 3.0 * b * b * a * out1 + 3.0 * b * a * a * out2 + a * a * a * end;
    meridian += stray * vec2(0.14, 0.12) * (b * (0.35 + a * 2.4));
    float turn = angle + along * along * mix(-1.9, 2.6, isPrompt) + stray.x * 0.16;
    return vec3(meridian.x * cos(turn), meridian.y, meridian.x * sin(turn));
  }
`;
