// The bodies of Asio and Beast, compiled once. See BOOST_ASIO_SEPARATE_COMPILATION in cmake/Virtuoso.cmake.
#include <boost/asio/impl/src.hpp>
#include <boost/asio/ssl/impl/src.hpp>
#include <boost/beast/src.hpp>
