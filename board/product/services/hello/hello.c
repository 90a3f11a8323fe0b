/* A service that says that it is there. */
#include <stdio.h>
#include <unistd.h>

int main(void)
{
	for (unsigned int i = 1;; i++) {
		printf("hello %u\n", i);
		fflush(stdout);
		sleep(5);
	}
}
