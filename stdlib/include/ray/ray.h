// ray.h is all that a program includes: remote tasks, actors and objects.
#pragma once

#include <ray/actor_handle.h>
#include <ray/actors.h>
#include <ray/async.h>
#include <ray/cluster.h>
#include <ray/codec.h>
#include <ray/error.h>
#include <ray/generator.h>
#include <ray/internal/exception_type.h>
#include <ray/internal/generated.h>
#include <ray/lambda.h>
#include <ray/object_ref.h>
#include <ray/objects.h>
#include <ray/options.h>
#include <ray/task.h>
