/** Width of a bar and of what lies between two, in CSS pixels. */
const bar = 2
const gap = 1
export const barPitch = bar + gap

/** Draws counts as bars on a canvas of a size in CSS pixels; the highest fills it. */
export function drawBars(
  canvas: HTMLCanvasElement,
  counts: readonly number[],
  size: { readonly width: number; readonly height: number },
  colour: string,
): void {
  const scale = window.devicePixelRatio || 1
  const [width, height] = [Math.round(size.width * scale), Math.round(size.height * scale)]
  if (canvas.width !== width) canvas.width = width
  if (canvas.height !== height) canvas.height = height
  const context = canvas.getContext('2d')
  if (!context) return
  context.clearRect(0, 0, width, height)
  context.fillStyle = colour
  const highest = counts.reduce((most, count) => Math.max(most, count), 1)
  const pitch = width / Math.max(1, counts.length)
  const thick = Math.max(1, Math.floor(pitch * (bar / barPitch)))
  counts.forEach((count, index) => {
    if (count === 0) return
    // What is there is seen, however little it is beside the highest.
    const tall = Math.max(scale, (count / highest) * height)
    context.fillRect(Math.round(index * pitch), height - tall, thick, tall)
  })
}
