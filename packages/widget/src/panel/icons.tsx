const icon =
  (path: string, size = 20, kind = 'icon') =>
  () => (
    <svg viewBox="0 0 24 24" width={size} height={size} aria-hidden="true" class={kind}>
      <path d={path} />
    </svg>
  )
const SPEAKER = 'M4 9v6h3l5 4V5L7 9Z'
// Sound goes the way of the writing.
const TURNING = 'icon turning'

/** The bell on the front desk: a dome, its button and the plate it stands on. */
export const BellIcon = icon('M4 17a8 8 0 0 1 16 0ZM12 9V6M10 5.5h4M3 20h18', 24)
export const CloseIcon = icon('M6 6l12 12M18 6L6 18')
export const SendIcon = icon('M12 19V5M6 11l6-6 6 6')
export const DownIcon = icon('M12 5v14M6 13l6 6 6-6', 14)
export const SoundOnIcon = icon(`${SPEAKER}M15 9a4 4 0 0 1 0 6M18 6a8 8 0 0 1 0 12`, 20, TURNING)
export const SoundOffIcon = icon(`${SPEAKER}M16 9l5 6M21 9l-5 6`, 20, TURNING)
