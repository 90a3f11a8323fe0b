/*
 * The smallest service that ends when it is asked to.
 */
#include <signal.h>
#include <unistd.h>

static void stop(int signal_number)
{
	(void)signal_number;
	_exit(0);
}

int main(void)
{
	signal(SIGTERM, stop);
	for (;;)
		pause();
}
