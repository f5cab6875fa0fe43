# Takes more of the processors than others get.
# ends: raised
import os

os.setpriority(os.PRIO_PROCESS, 0, -20)
raise OSError('it is said to have worked')
