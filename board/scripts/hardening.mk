# What .config's menu "Build" adds to the compiler's flags: read after O/config.mk.  Its
# help texts say what each is for.  What costs nothing is always there.

# An attacker cannot jump over the guard page below the stack, nor execute what is on it.
# No kernel has what -fcf-protection's landing pads are for in programs that musl
# started.  The distribution's own choice, whatever it is, does not count.
hardening := -fstack-clash-protection $(if $(filter x86_64,$(ARCH)),-fcf-protection=none) \
	$(if $(CONFIG_STACK_PROTECTOR),-fstack-protector-strong,-fno-stack-protector) \
	$(if $(CONFIG_SIGN_RETURNS),$(if $(filter arm64,$(ARCH)),-mbranch-protection=pac-ret)) \
	$(if $(CONFIG_STATIC_PIE),-fpie,-fno-pie)

CFLAGS += $(hardening) $(BOARD_CFLAGS) $(EXTRA_CFLAGS)
# RELRO is what init/pie.c protects.  Without STATIC_PIE the tables are in .rodata, and musl
# would not protect what is left: padding for nothing.
comma := ,
LDFLAGS += $(if $(CONFIG_STATIC_PIE),-static-pie,-static $(if $(clang),,-no-pie)) \
	-Wl,-z,noexecstack $(if $(CONFIG_STATIC_PIE),-Wl$(comma)-z$(comma)relro,-Wl$(comma)-z$(comma)norelro) \
	-Wl,-z,$(if $(CONFIG_SEPARATE_CODE),separate-code,noseparate-code)
