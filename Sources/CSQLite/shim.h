#include <sqlite3.h>

/* A variadic function, which Swift cannot call: switches an option of a connection on or off. */
static inline int sqlite_switch(sqlite3 *connection, int option, int isOn) {
  return sqlite3_db_config(connection, option, isOn, (int *)0);
}
