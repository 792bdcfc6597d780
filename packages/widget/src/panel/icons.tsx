const icon = (path: string, size: number) => () => (
  <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" class="icon">
    <path d={path} />
  </svg>
)

/** The bell on the front desk: a dome, its button and the plate it stands on. */
export const BellIcon = icon('M4 17a8 8 0 0 1 16 0ZM12 9V6M10 5.5h4M3 20h18', 24)
export const CloseIcon = icon('M6 6l12 12M18 6L6 18', 20)
export const SendIcon = icon('M12 19V5M5.5 11.5L12 5l6.5 6.5', 20)
export const DownIcon = icon('M12 5v14M6 13l6 6 6-6', 14)
export const SoundOnIcon = icon(
  'M4 9.5v5h3.5L12 18.5v-13L7.5 9.5ZM15.5 9a4 4 0 0 1 0 6M18 6.5a8 8 0 0 1 0 11',
  20,
)
export const SoundOffIcon = icon('M4 9.5v5h3.5L12 18.5v-13L7.5 9.5ZM16 9.5l5 5M21 9.5l-5 5', 20)
