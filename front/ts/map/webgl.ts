/** Says whether this browser can draw a map. Apart from MapLibre, which pages fetch later or never. */
export function canDraw(): boolean {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}
