/** What lies between a dialog and the page. */
export const backdrop = 'fixed inset-0 z-40 bg-[#00000066]'

/** A dialog in the middle of the page. */
export const centred =
  'rise fixed inset-0 z-50 m-auto h-fit max-h-[90dvh] w-[min(26rem,calc(100vw-2rem))] overflow-y-auto rounded-2xl border border-line bg-surface p-6 shadow-[0_24px_80px_-20px_#00000080] outline-none'
