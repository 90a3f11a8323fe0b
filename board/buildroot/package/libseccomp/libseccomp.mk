################################################################################
#
# host-libseccomp
#
################################################################################

# pith's host tool compiles the services' filters with it.  Buildroot has it for the
# board alone; version, source and hashes are those.
HOST_LIBSECCOMP_DEPENDENCIES = host-gperf

$(eval $(host-autotools-package))

HOST_LIBSECCOMP_HASH_FILES = package/libseccomp/libseccomp.hash
