/** 2021-09-04T15:06:40Z; system second 400 000 000 of a receiver whose clock is right. */
export const NOW_MS = 1_630_768_000_000;
export const NOW_SECONDS = 400_000_000;
