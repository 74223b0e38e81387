/** Control characters, what makes text run the other way, and lines' ends: no name needs those. */
const CONTROL = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;
const CONTROL_BUT_LINES = /(?![\n\t])[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** A text from outside as one line in which no character does anything to a terminal. */
export function printable(text: string): string {
  return text.replace(CONTROL, spelled);
}

/**
 * The same for text that may have several lines. JSON stays JSON, and means the same: a control
 * character is written as JSON writes it.
 */
export function printableLines(text: string): string {
  return text.replace(CONTROL_BUT_LINES, spelled);
}

function spelled(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
