/*
 * IS_ENABLED(CONFIG_X): 1 if the bool option is set in .config, else 0.  An
 * expression, so that the branch that is left out still compiles.
 */
#ifndef PITH_CONFIG_H
#define PITH_CONFIG_H

/* An option that is set is the macro 1; gluing 1 to the name below makes a
 * comma, and with it the second argument a 1. */
#define CONFIG_GLUE_1 0,
#define CONFIG_SECOND(ignored, value, ...) value
#define CONFIG_PICK(glued) CONFIG_SECOND(glued 1, 0)
#define CONFIG_GLUE(value) CONFIG_PICK(CONFIG_GLUE_##value)
#define IS_ENABLED(option) CONFIG_GLUE(option)

#endif
