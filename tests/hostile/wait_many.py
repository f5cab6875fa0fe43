# Makes a descriptor to wait on many.
# ends: raised
import select

select.epoll()
