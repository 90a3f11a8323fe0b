include $(sort $(wildcard $(BR2_EXTERNAL_PITH_PATH)/package/*/*.mk))
