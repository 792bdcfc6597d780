/** The stream on which desks tell each other whose connections must end. */
export const REVOCATIONS = 'desk:revocations'
