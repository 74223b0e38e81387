/**
 * Works with something and disposes of it afterwards. Why the work failed says more than why disposing
 * of it did: an error of both is the one of the work.
 *
 * As `await using` does, without the helpers that a page would carry for it.
 */
export async function disposing<Resource extends AsyncDisposable, Result>(
  resource: Resource,
  work: (resource: Resource) => Promise<Result>,
): Promise<Result> {
  const dispose = async (): Promise<void> => await resource[Symbol.asyncDispose]();
  let result: Result;
  try {
    result = await work(resource);
  } catch (error) {
    await dispose().catch(() => {});
    throw error;
  }
  await dispose();
  return result;
}
