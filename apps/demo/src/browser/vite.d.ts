/** The address of a worker's script as vite builds it. */
declare module '*?worker&url' {
  const url: string;
  export default url;
}

interface ImportMeta {
  /** Put in by vite. */
  readonly env: { readonly PROD: boolean };
}

declare module '*.css';
