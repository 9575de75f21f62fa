# For those whose fingers say make: each target is the morgana command of the same name. The Makefile of a unikernel includes this file.
MORGANA ?= $(dir $(lastword $(MAKEFILE_LIST)))../morgana
TARGET ?= spt

.PHONY: build configure depends describe run clean

build depends describe clean:
	@$(MORGANA) $@

configure:
	@$(MORGANA) configure -t $(TARGET)

# make run ARGS="--ipv4=10.0.0.2/24"
run:
	@$(MORGANA) run -- $(ARGS)
