/**
 * What `learnedPhrases` hands out, in a bundle: its build works it out, and not each start of a command
 * that ends within a moment. Here, and in the modules, it is worked out when it is first wanted.
 */
export const built: string | null = null
