import type { Mark } from '../readings/reading.ts';

/** The shape of each kind of mark on a field of 16 by 16, as an SVG path: told apart without colour. */
export const SHAPES: Readonly<Record<Mark['kind'], string>> = {
  // A drop.
  meter: 'M8 1.5C10.5 5 12.5 7.4 12.5 10a4.5 4.5 0 0 1-9 0C3.5 7.4 5.5 5 8 1.5Z',
  // A disc.
  carbohydrates: 'M8 2.5a5.5 5.5 0 1 1 0 11a5.5 5.5 0 1 1 0-11Z',
  // A triangle that points down.
  insulin: 'M2.5 3.5h11L8 13.5Z',
  // A square.
  exercise: 'M3 3h10v10H3Z',
  // A cross.
  health: 'M6 2.5h4V6h3.5v4H10v3.5H6V10H2.5V6H6Z',
  // A ring, drawn as two circles.
  sensor: 'M8 2a6 6 0 1 1 0 12a6 6 0 1 1 0-12ZM8 5a3 3 0 1 0 0 6a3 3 0 1 0 0-6Z',
  // A diamond.
  other: 'M8 2l6 6-6 6-6-6Z',
};
