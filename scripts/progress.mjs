// Says on standard error that something is still going on: a moving line on a terminal, a plain
// line now and then without one. Standard output belongs to the program that is started.

const { stderr } = process;
const plainEverySeconds = 15;

/**
 * @param {string} label Name of the work, such as "installing".
 * @param {{ quietSeconds?: number }} [options] Work that ends within `quietSeconds` is not
 *   mentioned.
 */
export function showProgress(label, { quietSeconds = 2 } = {}) {
  const startMs = Date.now();
  let detail = '';
  let nextPlainSeconds = quietSeconds;

  const update = () => {
    const seconds = Math.floor((Date.now() - startMs) / 1000);
    if (seconds < quietSeconds) return;
    const line = `egvkit: ${label}${seconds > 0 ? `, ${seconds} s` : ' …'}${detail && ` (${detail})`}`;
    if (stderr.isTTY) stderr.write(`\r\x1b[2K${line.slice(0, stderr.columns - 1)}`);
    else if (seconds >= nextPlainSeconds) {
      stderr.write(`${line}\n`);
      nextPlainSeconds = seconds + plainEverySeconds;
    }
  };

  update();
  const timer = setInterval(update, stderr.isTTY ? 200 : 1000);
  return {
    /** @param {string} text Progress so far. */
    detail(text) {
      detail = text;
    },
    end() {
      clearInterval(timer);
      if (stderr.isTTY) stderr.write('\r\x1b[2K');
    },
  };
}
